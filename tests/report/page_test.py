#!/usr/bin/env python3
"""report.html in Debian's chromium, and `normscope report` on good and bad runs.

page_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
"""

import copy
import csv
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import pyarrow.parquet

from browser import Browser
from synthetic_run import HOSTILE, seal, synthetic_run

PROGRAM, SMALL_MODELS = sys.argv[1], pathlib.Path(sys.argv[2])
SCHEMA = pathlib.Path(__file__).parents[2] / "src" / "results" / "results.schema.json"


def report(folder, *options, **settings):
    return subprocess.run([PROGRAM, "report", str(folder), *options], capture_output=True, timeout=120, **settings)


WITHOUT_GNUPLOT = {"PATH": "/nowhere"}


def at(document, pointer):
    for part in pointer.split("/")[1:]:
        document = document[int(part) if isinstance(document, list) else part]
    return document


class Run(unittest.TestCase):
    plain = False

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="normscope-page-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.results = synthetic_run(cls.folder / "run", 1500, plain=cls.plain)
        cls.done = report(cls.folder / "run")


class PageTest(Run):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.page = cls.folder / "run" / "report.html"

    def setUp(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)
        self.browser.media()
        self.browser.size(1200)
        self.browser.problems.clear()
        self.browser.requests.clear()
        self.browser.open(self.page)

    def tearDown(self):
        self.assertEqual(self.browser.problems, [])
        self.assertEqual(set(self.browser.requests), {self.page.resolve().as_uri()})
        self.assertNotIn("owned", self.browser.run("document.title"))

    def caption(self, chart="scatter"):
        return self.browser.run(f"document.getElementById('{chart}-caption').textContent")

    def choose(self, label, value):
        self.browser.run(f"""(() => {{
            const box = [...document.querySelectorAll('.controls label')].find((l) => l.firstChild.textContent === '{label}');
            const menu = box.querySelector('select');
            menu.value = '{value}';
            menu.dispatchEvent(new Event('change'));
        }})()""")

    def canvas(self, chart):
        """What a chart shows, as bytes."""
        box = self.browser.run(f"""(() => {{ const e = document.getElementById('{chart}'); e.scrollIntoView();
            const b = e.getBoundingClientRect(); return [b.left + scrollX, b.top + scrollY, b.width, b.height]; }})()""")
        clip = dict(zip(("x", "y", "width", "height"), box), scale=1)
        return self.browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]


class GridPageTest(PageTest):
    def test_every_part_is_there_in_order(self):
        titles = self.browser.run("[...document.querySelectorAll('h2')].map((h) => h.textContent)")
        self.assertEqual(titles, ["Sentence by sentence", "Layer by layer", "The funnel", "Distribution by length",
                                  "The dimensions that carry the norm", "What the whole vector knows",
                                  "The extreme sentences", "The numbers", "Everything", "How this was made"])
        for chart in ("scatter", "map", "funnel", "distribution", "dimensions", "probe"):
            self.assertTrue(self.browser.run(
                f"document.querySelector('#{chart}').firstElementChild.shadowRoot.querySelector('canvas, .bk-Canvas') !== null"), chart)
            self.assertGreater(len(self.caption(chart)), 20, chart)

    def test_numbers_are_those_of_results(self):
        told = self.browser.run("[...document.querySelectorAll('data')].map((d) => [d.dataset.at, d.value, d.textContent])")
        self.assertGreater(len(told), 1000)
        for pointer, value, text in told:
            number = at(self.results, pointer)
            self.assertEqual(float(value), number, pointer)
            shown = text.replace(",", "")
            if shown.endswith(" %"):
                shown, number = shown[:-2], 100 * number
            if isinstance(number, int):
                self.assertEqual(int(float(shown)), number, pointer)
            else:
                # Right to its last digit.
                digits, _, exponent = shown.partition("e")
                unit = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
                self.assertAlmostEqual(float(shown), number, delta=0.501 * unit, msg=pointer)
        for low, low_text, high, high_text in self.browser.run("""[...document.querySelectorAll('small')]
                .map((s) => [...s.querySelectorAll('data')]).filter((d) => d.length === 2)
                .map(([a, b]) => [a.value, a.textContent, b.value, b.textContent])"""):
            if float(high) - float(low) > 1e-6:
                self.assertNotEqual(low_text, high_text)
        pointers = {pointer for pointer, _, _ in told}
        for pointer in ("/grid/relations/0/line/r_squared/value", "/grid/relations/0/line/slope/interval_95/1", "/dimensions/whole/r_squared",
                        "/grid/relations/3/spearman/value", "/probes/0/norm_direction/intact/interval_99/0",
                        "/manifest/counts/read"):
            self.assertIn(pointer, pointers)

    def test_toggles_show_the_relation_they_name(self):
        before = self.canvas("scatter")
        for layer, readout, statistic, property_ in [(3, "cls", "l2", "words"), (1, "mean", "l2", "words"),
                                                     (0, "max", "centered_l2", "tokens"), (2, "mean", "l2", "position")]:
            for label, value in (("Layer", layer), ("Readout", readout), ("Statistic", statistic), ("Property", property_)):
                self.choose(label, value)
            relation = next(r for r in self.results["grid"]["relations"]
                            if (r["statistic"], r["property"]) == (f"layer{layer}.{readout}.{statistic}", property_))
            value = f"{relation['line']['r_squared']['value']:.3f}"
            self.browser.wait(f"document.getElementById('scatter-caption').textContent.includes('layer {layer} ')")
            self.browser.wait(f"document.getElementById('scatter-caption').textContent.includes('R² = {value} [')", 10)
            self.browser.wait(f"document.getElementById('funnel-caption').textContent.includes('layer {layer} ')")
            after = self.canvas("scatter")
            self.assertNotEqual(before, after)
            before = after

    def test_sentences_without_the_property_are_not_drawn(self):
        self.choose("Property", "column:<b>rating</b>")
        known = next(r["sentences"] for r in self.results["grid"]["relations"] if "rating" in r["property"])
        every = self.results["sentences"]
        self.assertLess(known, every)
        self.browser.wait(f"document.getElementById('scatter-caption').textContent.includes('all {known:,} sentences. "
                          f"The other {every - known:,} have no such number.')", 10)
        self.assertIn("against column <b>rating</b>:", self.caption())
        self.browser.wait("document.getElementById('distribution-caption').textContent.includes('<b>rating</b>')")
        # From point to point there is a number for each.
        self.browser.run("document.getElementById('scatter').focus()")
        for key in ("ArrowRight", "PageDown", "ArrowLeft"):
            self.browser.run(f"document.getElementById('scatter').dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}'}}))")
            text = self.browser.run("document.getElementById('tooltip').textContent")
            self.assertRegex(text, r"<b>rating</b>: \d")

    def test_a_cell_of_the_map_chooses_it(self):
        box = self.browser.run("""(() => { const e = document.getElementById('map'); e.scrollIntoView({block: 'center'});
            const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()""")
        self.browser.click(box[0] + 0.55 * box[2], box[1] + 0.15 * box[3])
        self.browser.wait("document.getElementById('scatter-caption').textContent.includes('the mean embedding, layer 3')")

    def test_every_property_has_its_sentences(self):
        for property_ in self.results["grid"]["properties"]:
            self.choose("Property", property_)
            label = json.dumps(property_.rpartition(":")[2].split("_")[0])
            self.browser.wait(f"document.getElementById('scatter-caption').textContent.includes({label})", 10)
            self.browser.wait("document.getElementById('scatter-caption').textContent.includes('sentences.')", 10)
            self.assertNotIn("not in the run's table", self.caption())
            self.assertEqual(self.browser.run("[...document.querySelectorAll('.check input')].filter((i) => i.disabled).length"),
                             0, property_)

    def test_extremes_that_are_the_same_are_shown_once(self):
        captions = self.browser.run("[...document.querySelectorAll('.sentences caption')].map((c) => c.textContent)")
        self.assertEqual(captions, ["Largest (nearly the same sentences lie farthest above the line)",
                                    "Smallest (nearly the same sentences lie farthest below the line)"])

    def test_check_boxes_take_their_part_away(self):
        for label in ("sentences", "line", "band", "binned means"):
            before = self.canvas("scatter")
            self.browser.run(f"[...document.querySelectorAll('.check')].find((l) => l.textContent === '{label}').querySelector('input').click()")
            self.browser.run("new Promise((done) => setTimeout(done, 300))")
            self.assertNotEqual(self.canvas("scatter"), before, label)

    def test_probes_and_the_map_can_be_changed(self):
        for chart, label, value, word in (("probe", "Probe", "mlp", "perceptron"), ("map", "Number", "spearman", "Spearman")):
            self.choose(label, value)
            self.browser.wait(f"document.getElementById('{chart}-caption').textContent.includes('{word}')")

    def test_dark_and_narrow(self):
        light = self.canvas("funnel")
        self.browser.media(scheme="dark")
        self.browser.run("new Promise((done) => setTimeout(done, 1500))")
        self.assertNotEqual(self.canvas("funnel"), light)
        self.browser.media()
        for width in (320, 360, 400):
            self.browser.size(width, 700, mobile=True)
            self.browser.open(self.page)
            self.assertLessEqual(self.browser.run("document.documentElement.scrollWidth"), width)
            self.assertTrue(self.browser.run("""[...document.querySelectorAll('.table:has(.sentences)')]
                .every((t) => t.scrollWidth <= t.clientWidth)"""), width)

    def test_print_shows_the_still_figures(self):
        self.browser.wait("document.querySelectorAll('.snapshot').length === 2")
        self.browser.media("print")
        shown = self.browser.run("""[...document.querySelectorAll('figure')].map((f) => [
            f.querySelector('.chart').id, getComputedStyle(f.querySelector('.chart')).display,
            f.querySelector('.still') ? getComputedStyle(f.querySelector('.still')).display : ''])""")
        self.assertEqual({chart: states for chart, *states in shown}, {
            "scatter": ["none", "block"], "map": ["none", "block"], "funnel": ["none", "block"],
            "distribution": ["none", "block"], "dimensions": ["none", "block"], "probe": ["none", "block"]})
        self.assertTrue(self.browser.run("[...document.querySelectorAll('.snapshot')].every((i) => i.naturalWidth > 300 && i.src.length > 5000)"))


class OddGridTest(PageTest):
    """Some layers, and a statistic that is no more than rounding."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.results = synthetic_run(cls.folder / "run", 300, layers=6, measured=[6, 3, 0], rounding="layer3.mean.l2")
        cls.done = report(cls.folder / "run")

    def test_rounding_is_marked_everywhere(self):
        self.assertIn("Grey: numbers that differ by no more than rounding.", self.caption("map"))
        self.assertIn("norm against length in tokens", self.caption("map"))
        rows = self.browser.run("[...document.querySelectorAll('.everything .faint th')].map((t) => t.textContent)")
        self.assertEqual(rows, ["layer3.mean.l2rounding only"] * len(self.results["grid"]["properties"]))
        for wanted in (("Layer", 3), ("Readout", "mean")):
            self.choose(*wanted)
        self.browser.wait("document.getElementById('scatter-caption').textContent.includes('no more than rounding')", 10)
        table = (self.folder / "run" / "report.md").read_text()
        self.assertIn("| Norm of the mean embedding, layer 3 (rounding only) |", table)
        drawn = (self.folder / "run" / "figure-layers.svg").read_text()
        self.assertEqual(drawn.count("rounding"), 1)

    def test_layers_not_measured_have_no_row(self):
        drawn = (self.folder / "run" / "figure-layers.svg").read_text()
        for figure in (drawn, (self.folder / "run" / "figure-probe.svg").read_text()):
            self.assertEqual({t for t in re.findall(r">\s*([0-9])<", figure) if t in "23456"}, {"3", "6"})
        self.assertIn("R² of the line: norm against length in tokens", drawn)


class SentencesTest(PageTest):
    plain = True

    def test_only_what_there_is(self):
        titles = self.browser.run("[...document.querySelectorAll('h2')].map((h) => h.textContent)")
        self.assertEqual(titles, ["Sentence by sentence", "The funnel", "Distribution by length",
                                  "The extreme sentences", "The numbers", "How this was made"])
        self.assertEqual(self.browser.run("document.querySelectorAll('select').length"), 0)

    def tooltip(self):
        return self.browser.run("document.getElementById('tooltip').hidden ? null : document.getElementById('tooltip').innerText")

    def hostile_point(self):
        """Hovers over the point of the first hostile sentence, the lowest at 40 tokens."""
        return self.browser.run("""(() => { const e = document.getElementById('scatter'); e.scrollIntoView({block: 'center'});
            const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()""")

    def test_pointing_shows_one_sentence_as_text(self):
        left, top, width, height = self.hostile_point()
        found = set()
        for x in range(int(left), int(left + width), 3):
            self.browser.mouse(x, top + 12)
            self.browser.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            if text := self.tooltip():
                found.add(text)
        # The highest of all, seen by itself: 67 at 40 tokens, made of the last hostile sentence.
        self.assertTrue(any("狐 👍 combining" in text and "40 tokens" in text for text in found), found)
        self.assertTrue(all(text.count(" tokens") == 1 for text in found))

    def test_the_keyboard_goes_from_sentence_to_sentence(self):
        table = pyarrow.parquet.read_table(self.folder / "run" / "measurements.parquet").to_pylist()
        kept = sorted((row for row in table if row["tokens"] < 80), key=lambda r: r["tokens"])
        for fallback in (False, True):
            if fallback:
                script = self.browser.call("Page.addScriptToEvaluateOnNewDocument", source="delete globalThis.DecompressionStream")
                self.addCleanup(self.browser.call, "Page.removeScriptToEvaluateOnNewDocument", **script)
                self.browser.open(self.page)
                self.assertEqual(self.browser.run("typeof DecompressionStream"), "undefined")
            # Focus scrolls the chart into sight, and scrolling hides the tooltip at the next frame.
            self.browser.run("""document.getElementById('scatter').focus(),
                new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))""")
            texts = set()
            for row in kept[:3]:
                self.browser.key("ArrowRight")
                heading, text = self.tooltip().split("\n", 1)
                self.assertIn(f"{row['tokens']} tokens", heading)
                self.assertIn(text, {row["text"] for row in kept})
                texts.add(heading + text)
            self.assertEqual(len(texts), 3)
            self.browser.key("Escape")
            self.assertIsNone(self.tooltip())

    def test_hostile_sentences_are_text(self):
        shown = self.browser.run("[...document.querySelectorAll('.sentences bdi')].map((b) => b.textContent)")
        for sentence in HOSTILE[:3]:
            self.assertIn(sentence, shown)
        self.assertTrue(any(text.startswith("xxx") and len(text) <= 301 for text in shown))
        for text in shown:
            self.assertNotRegex(text, "[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
        self.assertEqual(self.browser.run("document.querySelectorAll('main img:not(.still), main svg:not(.legend svg), main script').length"), 0)
        self.assertEqual(self.browser.run("document.querySelector('h1 + p').textContent").count("<i>model</i>"), 1)

    def test_the_policy_stops_what_is_put_in(self):
        self.browser.run("""(() => { const s = document.createElement('script'); s.textContent = "document.title = 'owned'";
            document.body.append(s); const i = document.createElement('img'); i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i); })()""")
        self.browser.run("new Promise((done) => setTimeout(done, 200))")
        self.assertGreaterEqual(sum("Content Security Policy" in problem for problem in self.browser.problems), 2)
        self.browser.problems.clear()
        self.browser.requests[:] = [url for url in self.browser.requests if not url.startswith("http://127.0.0.1:9/")]

    def test_without_scripts_the_still_figures_stand(self):
        self.browser.call("Emulation.setScriptExecutionDisabled", value=True)
        self.addCleanup(self.browser.call, "Emulation.setScriptExecutionDisabled", value=False)
        self.browser.open(self.page, wait="document.querySelector('footer') !== null && document.images.length > 1 && [...document.images].every((i) => i.complete)")
        stills = self.browser.run("[...document.images].map((i) => [i.naturalWidth > 100, getComputedStyle(i).display, i.alt.length > 10])")
        self.assertEqual(stills, [[True, "block", True]] * 2)
        self.assertIn("Scripts are off", self.browser.run("document.querySelector('main').innerText"))


class SchemaTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="normscope-schema-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.schema = json.loads(SCHEMA.read_text())
        jsonschema.Draft202012Validator.check_schema(self.schema)
        self.validator = jsonschema.Draft202012Validator(self.schema)

    def test_a_real_run_fits_and_its_report_can_be_written_again(self):
        corpus = self.folder / "corpus.txt"
        corpus.write_text("".join(f"{'a b c ' * (i % 9)}d{i}.\n" for i in range(300)))
        subprocess.run([PROGRAM, "run", "--quiet", "--model", SMALL_MODELS / "hidden40", "--corpus", corpus,
                        "--out", self.folder / "run"], check=True, timeout=120)
        self.validator.validate(json.loads((self.folder / "run" / "results.json").read_text()))
        before = {path.name: path.read_bytes() for path in (self.folder / "run").iterdir()}
        self.assertLessEqual({"report.html", "report.md", "figure.pdf", "figure-funnel.svg"}, set(before))
        for name in before.keys() - {"results.json", "measurements.parquet"}:
            (self.folder / "run" / name).unlink()
        self.assertEqual(report(self.folder / "run").returncode, 0)
        after = {path.name: path.read_bytes() for path in (self.folder / "run").iterdir()}
        self.assertEqual(before.keys(), after.keys())
        for name in before:
            if not name.endswith(".pdf"):  # which hold the time
                self.assertTrue(before[name] == after[name], name)

    def test_made_up_runs_fit(self):
        for plain in (False, True):
            self.validator.validate(synthetic_run(self.folder / "run", 500, plain=plain))

    def test_this_program_and_jsonschema_refuse_the_same(self):
        good = synthetic_run(self.folder / "run", 500, layers=1)
        path = self.folder / "run" / "results.json"
        changes = [("/sentences", -1), ("/sentences", "many"), ("/verdict/answer", "perhaps"),
                   ("/grid/relations/1/line/slope/value", "0"), ("/grid/relations/1/line/r_squared/interval_95", [0, 1, 2]),
                   ("/claims/sides/0/side", None), ("/manifest/seed", True), ("/grid/statistics", []),
                   ("/grid/relations/2/funnel/1/quantiles/0/probability", 1.5), ("/grid/relations/0/p_value_holm", 2),
                   ("/probes/1/ridge/r_squared/value", None), ("/dimensions/shares/0/dimension", -4),
                   ("/manifest/machine/cpu_features", "avx2"), ("/probes", {})]
        for pointer, value in changes:
            changed = copy.deepcopy(good)
            parent, key = pointer.rsplit("/", 1)
            holder = at(changed, parent)
            holder[int(key) if isinstance(holder, list) else key] = value
            self.assertFalse(self.validator.is_valid(changed), pointer)
            path.write_text(json.dumps(changed))
            done = report(self.folder / "run")
            self.assertEqual(done.returncode, 1, pointer)
            self.assertIn(pointer, done.stderr.decode())
        for member in ("verdict", "manifest", "claims", "grid", "dimensions"):
            changed = copy.deepcopy(good)
            del changed[member]
            self.assertFalse(self.validator.is_valid(changed))
            path.write_text(json.dumps(changed))
            self.assertIn(f'has no "{member}"', report(self.folder / "run").stderr.decode())


class BadRunTest(Run):
    def refused(self, folder, *words):
        done = report(folder)
        error = done.stderr.decode()
        self.assertEqual(done.returncode, 1, error)
        self.assertEqual(error.count("\n"), 1, error)
        for word in words:
            self.assertIn(word, error)

    def copy(self):
        folder = self.folder / "bad"
        shutil.rmtree(folder, ignore_errors=True)
        return pathlib.Path(shutil.copytree(self.folder / "run", folder))

    def test_no_run(self):
        self.refused(self.folder / "nowhere", "results.json")
        folder = self.copy()
        (folder / "measurements.parquet").unlink()
        self.refused(folder, "measurements.parquet")

    def test_results_that_are_no_json(self):
        folder = self.copy()
        for content in (b"", b"{", b"[]", b"\xff\xfe", b"{\"a\":" * 100000, b"{\"sentences\": 1e999}", b"\0"):
            (folder / "results.json").write_bytes(content)
            self.refused(folder, "results.json")

    def test_tables_that_lie(self):
        folder = self.copy()
        path = folder / "measurements.parquet"
        whole = path.read_bytes()
        for content in (b"", b"PAR1", whole[:100], whole[:-1], whole[:len(whole) // 2] + whole[-2000:],
                        b"PAR1" + b"\xff" * 1000 + b"\xff\xff\xff\x7fPAR1"):
            path.write_bytes(content)
            self.refused(folder, "measurements.parquet")
            seal(folder, copy.deepcopy(self.results))
            self.refused(folder, "measurements.parquet")
        table = pyarrow.parquet.read_table(pathlib.Path(self.folder / "run" / "measurements.parquet"))
        for bad, word in ((table.drop_columns(["tokens"]), "tokens"), (table.drop_columns(["text"]), "text"),
                          (table.drop_columns(["norm", "layer3.cls.l2"]), "layer3.cls.l2"), (table.slice(0, 700), "results.json tells of"),
                          (table.slice(0, 0), "results.json tells of")):
            pyarrow.parquet.write_table(bad, path)
            self.refused(folder, "measurements.parquet")
            seal(folder, copy.deepcopy(self.results))
            self.refused(folder, "measurements.parquet", word)
        (folder / "results.json").write_text(json.dumps(self.results))
        self.refused(folder, "measurements.parquet", "is not the file that results.json belongs to")

    def test_damaged_bytes_never_crash(self):
        folder = self.copy()
        path = folder / "measurements.parquet"
        whole = path.read_bytes()
        for step in range(40):
            place = (step * 7919 * 31) % len(whole)
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1:])
            seal(folder, copy.deepcopy(self.results))
            self.assertIn(report(folder, env=WITHOUT_GNUPLOT).returncode, (1, 3), place)

    def test_grids_that_contradict_themselves(self):
        folder = self.copy()
        for change, word in ((lambda g: g["relations"].append(g["relations"][0]), "are not those of each property"),
                             (lambda g: g["relations"].reverse(), "is not the relation in this place"),
                             (lambda g: g["properties"].append("tokens"), "twice"),
                             (lambda g: g["statistics"].append(g["statistics"][0]), "twice"),
                             (lambda g: g["relations"][0].update(statistic="x"), "no column's name"),
                             (lambda g: g["statistics"][1].update(layer=9), "does not agree"),
                             (lambda g: g["relations"][0].update(property="x"), "is not the relation in this place")):
            changed = copy.deepcopy(self.results)
            change(changed["grid"])
            (folder / "results.json").write_text(json.dumps(changed))
            self.refused(folder, "/grid", word)

    def test_markdown_is_for_pasting(self):
        text = (self.folder / "run" / "report.md").read_text()
        self.assertTrue(text.startswith("# Does the norm of the \\[CLS\\] embedding"))
        line = next(line for line in text.splitlines() if line.startswith("| R² |"))
        r_squared = self.results["grid"]["relations"][0]["line"]["r_squared"]
        self.assertIn(f"| {r_squared['value']:.3f} | {r_squared['interval_95'][0]:.3f} to {r_squared['interval_95'][1]:.3f} |", line)
        self.assertNotRegex(re.sub(r"(`+) .*? \1", "", text), r"(?<!\\)<")

    def test_markdown_has_the_main_rows_of_the_grid(self):
        text = (self.folder / "run" / "report.md").read_text()
        relations = self.results["grid"]["relations"]
        best = max(relations, key=lambda r: abs(r["spearman"]["value"]))
        self.assertIn(f"Strongest of {len(relations)} relations", text)
        self.assertIn(f"{best['spearman']['value']:.3f} [", text.split("Strongest", 1)[1].split("\n")[0])
        grid = text.split("## Every statistic", 1)[1].split("\n## ")[0]
        self.assertEqual(grid.count("\n| "), 2 + len(self.results["grid"]["properties"]) + len(self.results["grid"]["statistics"]))
        self.assertIn(" | mean word rank and share of punctuation |", grid)
        self.assertIn("| with mean word rank and share of punctuation held fixed |", text)  # of the main numbers
        probes = text.split("## R² of a linear probe", 1)[1].split("\n\n")[1].splitlines()
        self.assertEqual(probes[0], "| layer | cls | mean |")
        self.assertEqual(len(probes), 2 + 4)

    def test_the_grid_is_a_table_for_others(self):
        content = (self.folder / "run" / "grid.csv").read_bytes()
        self.assertEqual(content.count(b"\n"), content.count(b"\r\n"))
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        relations = {(r["statistic"], r["property"]): r for r in self.results["grid"]["relations"]}
        self.assertEqual(len(rows), len(relations))
        for row in rows:
            relation = relations[row["statistic"], row["property"]]
            self.assertEqual(f"layer{row['layer']}.{row['readout']}.{row['kind']}", row["statistic"])
            for column, pointer in (("sentences", "/sentences"), ("slope", "/line/slope/value"),
                                    ("r_squared_high", "/line/r_squared/interval_95/1"), ("spearman_p", "/spearman/p_value"),
                                    ("kendall", "/kendall/value"), ("isotonic_r_squared", "/monotone/r_squared"),
                                    ("held_out_r_squared", "/held_out/r_squared/value"), ("auc", "/threshold/auc/value"),
                                    ("partial", "/partial/correlation/value"), ("control_permuted", "/controls/permuted")):
                self.assertEqual(float(row[column]), at(relation, pointer), column)
            self.assertEqual(row["held_fixed"], "mean_word_rank;punctuation_share")
            statistic = next(s for s in self.results["grid"]["statistics"] if s["name"] == row["statistic"])
            self.assertEqual(float(row["coefficient_of_variation"]), statistic["spread"]["coefficient_of_variation"])
            self.assertEqual(row["rounding"], "false")

    def test_without_gnuplot_the_page_is_written(self):
        folder = self.copy()
        done = report(folder, env=WITHOUT_GNUPLOT)
        self.assertEqual(done.returncode, 3)
        # Before the last line, progress may be shown on a slow machine.
        self.assertRegex(done.stderr.decode().splitlines()[-1],
                         r"^normscope: not drawn: figure, figure-funnel, figure-layers, figure-probe: gnuplot: not found[^\n]*$")
        self.assertIn("report: ", done.stdout.decode())
        self.assertEqual(list(folder.glob("figure*")), [])
        self.assertIn("The still figure could not be drawn.", (folder / "report.html").read_text())
        self.assertIn("Strongest", (folder / "report.md").read_text())

    def test_styles(self):
        folder = self.copy()
        notebook = {path.name: path.stat().st_size for path in folder.glob("figure*")}
        self.assertEqual(len(notebook), 12)
        self.assertEqual(report(folder, "--style", "paper").returncode, 0)
        box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", (folder / "figure-layers.pdf").read_bytes())
        self.assertAlmostEqual(float(box[1]) / 72 * 2.54, 8.6, delta=0.1)
        self.assertNotIn("model", re.sub(r"<desc>.*?</desc>", "", (folder / "figure-funnel.svg").read_text()))
        self.assertEqual(report(folder, "--style", "poster").returncode, 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
