//! Circles, and the order in which to read.

use super::{Graph, Relation, Vertex};
use handbook_book::ChapterId;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The chapters that lead to each other in a circle by `relation`, one list for each knot of
/// circles, sorted.
pub(crate) fn knots(graph: &Graph, relation: Relation) -> Vec<Vec<ChapterId>> {
    let mut chapters = DiGraph::<(), ()>::new();
    graph.iter().for_each(|_| _ = chapters.add_node(()));
    for (id, _) in graph.iter() {
        for (to, _) in graph.chapters_named(id, relation) {
            chapters.add_edge(NodeIndex::new(id.0), NodeIndex::new(to.0), ());
        }
    }
    let knots = kosaraju_scc(&chapters).into_iter().map(|knot| {
        let mut knot: Vec<ChapterId> = knot.iter().map(|node| ChapterId(node.index())).collect();
        knot.sort_unstable();
        knot
    });
    let is_circle = |knot: &Vec<ChapterId>| {
        knot.len() > 1 || graph.chapters_named(knot[0], relation).any(|(to, _)| to == knot[0])
    };
    let mut knots: Vec<_> = knots.filter(is_circle).collect();
    knots.sort_unstable();
    knots
}

/// The shortest circle in a knot from its first chapter back to it, which stands at both ends.
pub(crate) fn circle(graph: &Graph, relation: Relation, knot: &[ChapterId]) -> Vec<ChapterId> {
    let Some(&start) = knot.first() else { return Vec::new() };
    let mut came_from = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(id) = open.pop_front() {
        for (to, _) in graph.chapters_named(id, relation) {
            if to == start {
                let way = std::iter::successors(Some(id), |id| came_from.get(id).copied());
                let mut circle: Vec<ChapterId> = std::iter::once(start).chain(way).collect();
                circle.reverse();
                return circle;
            }
            if knot.binary_search(&to).is_ok() && !came_from.contains_key(&to) {
                came_from.insert(to, id);
                open.push_back(to);
            }
        }
    }
    Vec::new()
}

/// Everything to read before a chapter, and the chapter: prerequisites first, otherwise in reading
/// order. What is in a circle comes in reading order.
pub(crate) fn path(graph: &Graph, goal: ChapterId) -> Vec<Vertex> {
    let mut before: BTreeMap<Vertex, Vec<Vertex>> = BTreeMap::new();
    let mut open = vec![Vertex::Chapter(goal)];
    while let Some(vertex) = open.pop() {
        before.entry(vertex).or_insert_with(|| {
            let needs = prerequisites(graph, vertex);
            open.extend(&needs);
            needs
        });
    }
    let mut after: BTreeMap<Vertex, Vec<Vertex>> = BTreeMap::new();
    let mut waits: BTreeMap<Vertex, usize> = BTreeMap::new();
    for (vertex, needs) in &before {
        waits.insert(*vertex, needs.len());
        needs.iter().for_each(|need| after.entry(*need).or_default().push(*vertex));
    }
    let mut ready: BTreeSet<Vertex> =
        waits.iter().filter(|(_, waits)| **waits == 0).map(|(vertex, _)| *vertex).collect();
    let mut path = Vec::new();
    while let Some(vertex) = ready.pop_first().or_else(|| waits.keys().next().copied()) {
        if waits.remove(&vertex).is_none() {
            continue;
        }
        path.push(vertex);
        for next in after.get(&vertex).into_iter().flatten() {
            let Some(waits) = waits.get_mut(next) else { continue };
            *waits -= 1;
            if *waits == 0 {
                ready.insert(*next);
            }
        }
    }
    path
}

/// The chapters that no other builds on, and that build on others.
pub(crate) fn goals(graph: &Graph) -> Vec<ChapterId> {
    let needed = graph.iter().flat_map(|(id, _)| graph.chapters_named(id, Relation::Prerequisites));
    let needed: BTreeSet<ChapterId> = needed.map(|(id, _)| id).collect();
    let is_goal = |id: &ChapterId| {
        !needed.contains(id) && !prerequisites(graph, Vertex::Chapter(*id)).is_empty()
    };
    graph.iter().map(|(id, _)| id).filter(is_goal).collect()
}

fn prerequisites(graph: &Graph, vertex: Vertex) -> Vec<Vertex> {
    let named = vertex.chapter().map(|id| graph.named(id, Relation::Prerequisites));
    named.into_iter().flat_map(super::vertices).collect()
}
