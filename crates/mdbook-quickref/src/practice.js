// Gives every question timers. Without this script the page is a list of questions and answers.
(() => {
    'use strict';
    const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

    const addTimers = (item, lengths, label) => {
        const box = document.createElement('div');
        box.className = 'handbook-timers';
        box.setAttribute('role', 'group');
        box.setAttribute('aria-label', label);
        const left = document.createElement('output');
        // Every second is shown, and only what is read aloud below is said.
        left.setAttribute('aria-hidden', 'true');
        const said = document.createElement('span');
        said.className = 'handbook-said';
        said.setAttribute('role', 'status');
        said.style.cssText = 'position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)';
        let tick;
        const stop = () => {
            clearInterval(tick);
            box.querySelectorAll('button').forEach((one) => one.setAttribute('aria-pressed', 'false'));
        };
        lengths.forEach((length) => {
            const button = document.createElement('button');
            button.type = 'button';
            button.textContent = clock(length);
            button.setAttribute('aria-label', `${label} ${clock(length)}`);
            button.setAttribute('aria-pressed', 'false');
            button.addEventListener('click', () => {
                const running = button.getAttribute('aria-pressed') === 'true';
                stop();
                delete box.dataset.done;
                left.textContent = '';
                said.textContent = '';
                if (running) return;
                button.setAttribute('aria-pressed', 'true');
                const end = Date.now() + length * 1000;
                left.textContent = clock(length);
                tick = setInterval(() => {
                    const rest = Math.max(0, Math.ceil((end - Date.now()) / 1000));
                    left.textContent = clock(rest);
                    if (rest > 0) return;
                    stop();
                    box.dataset.done = '';
                    said.textContent = `${label} ${clock(0)}`;
                }, 200);
            });
            box.append(button);
        });
        box.append(left, said);
        const answer = item.querySelector('details');
        if (answer) answer.before(box);
        else item.append(box);
    };

    document.querySelectorAll('.handbook-practice').forEach((list) => {
        const lengths = list.dataset.timers.split(' ').map(Number).filter((length) => length > 0);
        if (list.dataset.ready === undefined && lengths.length > 0) {
            list.querySelectorAll(':scope > li').forEach((item) => addTimers(item, lengths, list.dataset.label));
        }
        list.dataset.ready = '';
    });

    // Printed, all answers are open; afterwards those are closed again that were.
    let folded = [];
    addEventListener('beforeprint', () => {
        folded = [...document.querySelectorAll('.handbook-practice details:not([open])')];
        folded.forEach((details) => { details.open = true; });
    });
    addEventListener('afterprint', () => {
        folded.forEach((details) => { details.open = false; });
        folded = [];
    });
})();
