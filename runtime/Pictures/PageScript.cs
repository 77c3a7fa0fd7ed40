using System.Xml.Linq;

namespace Whence.Pictures;

/// <summary>
/// The script that pages carry in themselves: it loads nothing. Tables are sorted by their heads, by pointer or keyboard, and what a shape
/// or a heat map's pixel stands for is said where it is pointed at or touched. Without it the pages show the same, unsorted.
/// </summary>
internal static class PageScript
{
    /// <summary>The element; browsers read it as HTML, and others as XML.</summary>
    public static XElement Element() => new("script", new XText("//"), new XCData($"\n{Text}//"), new XText("\n"));

    /// <summary>Marks a head of a sortable table: what its column holds, "text" or "number", and how rows lie at first.</summary>
    public static XElement Head(string title, string sort, string? order = null) => new("th", new XAttribute("scope", "col"),
        new XAttribute("data-sort", sort), order is null ? null : new XAttribute("aria-sort", order), title);

    private const string Text = """
        'use strict';
        for (const table of document.querySelectorAll('table.sortable')) {
          const heads = Array.from(table.tHead.rows[0].cells);
          heads.forEach((head, column) => {
            if (!head.dataset.sort) return;
            const button = document.createElement('button');
            button.type = 'button';
            button.append(...head.childNodes);
            head.append(button);
            if (!head.hasAttribute('aria-sort')) head.setAttribute('aria-sort', 'none');
            button.addEventListener('click', () => sort(table, heads, column));
          });
        }
        // Numbers begin with the largest, words with the first; a second time it is the other way round. What has no value stays below.
        function sort(table, heads, column) {
          const head = heads[column], isNumber = head.dataset.sort === 'number', before = head.getAttribute('aria-sort');
          const descending = before === 'none' ? isNumber : before === 'ascending';
          const rows = Array.from(table.tBodies[0].rows, row => {
            const key = row.cells[column].dataset.value ?? row.cells[column].textContent;
            return { row, key, last: row.className === 'rest' ? 2 : key === '' ? 1 : 0 };
          });
          rows.sort((a, b) => a.last - b.last
            || (descending ? -1 : 1) * (isNumber ? a.key - b.key : a.key.localeCompare(b.key, 'en')));
          table.tBodies[0].append(...rows.map(one => one.row));
          for (const other of heads) {
            if (other.dataset.sort)
              other.setAttribute('aria-sort', other === head ? (descending ? 'descending' : 'ascending') : 'none');
          }
        }
        const tip = document.createElement('div');
        tip.className = 'tip';
        tip.hidden = true;
        document.body.append(tip);
        // A browser shows titles late, and on a touch screen never.
        for (const title of document.querySelectorAll('svg *:not(svg) > title')) {
          const shape = title.parentNode;
          shape.setAttribute('data-tip', title.textContent);
          shape.setAttribute('aria-label', title.textContent);
          shape.setAttribute('role', 'img');
          title.remove();
        }
        function show(text, event) {
          tip.hidden = !text;
          if (!text) return;
          tip.textContent = text;
          const width = document.documentElement.clientWidth;
          tip.style.left = Math.max(4, Math.min(event.clientX + 12, width - tip.offsetWidth - 4)) + 'px';
          const above = event.clientY - tip.offsetHeight - 12;
          tip.style.top = (above > 4 ? above : event.clientY + 18) + 'px';
        }
        const maps = new WeakMap();
        function pixels(image) {
          if (!maps.has(image)) {
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            maps.set(image, context.getImageData(0, 0, canvas.width, canvas.height));
          }
          return maps.get(image);
        }
        // The score of a heat map's pixel follows from its colour, to 1/200 of the scale.
        function score(colour, scale, ends) {
          let best = { error: Infinity };
          ends.forEach((end, side) => {
            const most = [0, 1, 2].reduce((a, b) => end[a] > end[b] ? b : a);
            const strength = (255 - colour[most]) / (255 - end[most]);
            const error = end.reduce((sum, full, i) => sum + Math.abs(255 - strength * (255 - full) - colour[i]), 0);
            if (best.error > error) best = { error, value: (side ? 1 : -1) * strength * scale };
          });
          return best.value;
        }
        function ofPixel(image, event) {
          const box = image.getBoundingClientRect(), { rows, columns, scale, negative, positive } = image.dataset;
          const at = (place, count) => Math.max(0, Math.min(count - 1, Math.floor(place * count)));
          const row = at((event.clientY - box.top) / box.height, rows), column = at((event.clientX - box.left) / box.width, columns);
          const all = pixels(image);
          const [x, y] = [Math.floor((column + 0.5) * all.width / columns), Math.floor((row + 0.5) * all.height / rows)];
          const colour = all.data.subarray(4 * (y * all.width + x));
          const ends = [negative, positive].map(end => [1, 3, 5].map(i => parseInt(end.slice(i, i + 2), 16)));
          const value = score(colour, scale, ends), names = image.closest('.strip')?.querySelectorAll('.rows span');
          const where = names?.[row] ? names[row].textContent + ' ' + column : 'row ' + row + ', column ' + column;
          return where + ': about ' + (value > 0 ? '+' : '') + Number(value.toPrecision(2)).toString().replace('-', '\u2212');
        }
        for (const name of ['pointerover', 'pointermove', 'pointerdown']) {
          document.addEventListener(name, event => {
            const shape = event.target instanceof Element ? event.target.closest('[data-tip], img[data-scale]') : null;
            show(!shape ? '' : shape.dataset.tip ?? ofPixel(shape, event), event);
          });
        }

        """;
}
