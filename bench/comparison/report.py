"""Results as Markdown and as JSON."""

import math
import os
import platform
import re
import statistics
from pathlib import Path

from .setup import Failed

REFERENCE = "torch fp32"


def machine():
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", info)
    family, number = (re.search(rf"{key}\s*: (\d+)", info) for key in ("cpu family", "model\t"))
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {"cpu": model.group(1) if model else platform.machine(),
            "cpu_family": family.group(1) if family else "", "cpu_model": number.group(1) if number else "",
            "cores": os.cpu_count(), "memory_gib": round(int(memory.group(1)) / 2**20, 1),
            "system": f"{platform.system()} {platform.release().split('-')[0]}"}


def largest_difference(norms, reference):
    return max(abs(a - b) / abs(b) for a, b in zip(norms, reference))


def summary(workload, results):
    """A dictionary for each contender, in the order of `results`."""
    by_name = {r.contender.name: r for r in results}
    medians = {name: statistics.median(r.seconds) for name, r in by_name.items() if r.seconds}
    reference = by_name.get(REFERENCE)
    rows = []
    for name, r in by_name.items():
        row = {"program": r.contender.program, "precision": r.contender.precision,
               "remark": r.contender.remark, "failure": r.failure}
        if r.seconds and not r.failure:
            row |= {"load_s": r.load_s, "batch": r.batch, "streams": r.streams,
                    "seconds": r.seconds,
                    "sentences_per_s": sorted(workload.count / s for s in r.seconds)}
            for precision in ("fp32", "bf16"):
                if f"normscope {precision}" in medians:
                    row[f"normscope_{precision}_ratio"] = (
                        medians[name] / medians[f"normscope {precision}"])
            if r.contender.own_norms and reference and reference.norms:
                row["largest_difference"] = largest_difference(r.norms, reference.norms)
        rows.append(row)
    return rows


def digits(x, count=3):
    """`x` with `count` significant digits and no exponent."""
    if x == 0:
        return "0"
    return f"{x:,.{max(0, count - 1 - math.floor(math.log10(abs(x))))}f}"


def spread(workload, row):
    """Minimum / median / maximum, of sentences per second or of milliseconds."""
    if workload.single:
        values = sorted(1000 * s for s in row["seconds"])
    else:
        values = row["sentences_per_s"]
    return " / ".join(digits(v) for v in (values[0], statistics.median(values), values[-1]))


def table(workload, rows):
    done = [row for row in rows if not row["failure"]]
    ratios = [p for p in ("fp32", "bf16") if any(f"normscope_{p}_ratio" in row for row in done)]
    unit = "ms a sentence" if workload.single else "sentences/s"
    header = ["program", "precision", "batch × streams", f"{unit}: min / median / max",
              *(f"normscope {p} is" for p in ratios), "largest difference of norms"]
    lines = [f"**{workload.title}**", "", "| " + " | ".join(header) + " |",
             "|---|---|---" + "|---:" * (len(header) - 3) + "|"]
    for row in sorted(done, key=lambda row: statistics.median(row["seconds"])):
        packed = row["program"] == "normscope"
        difference = row.get("largest_difference")
        cells = [row["program"], row["precision"],
                 "packed" if packed else f"{row['batch']} × {row['streams']}",
                 spread(workload, row),
                 *(f"{row[f'normscope_{p}_ratio']:.2f}×" for p in ratios),
                 "–" if difference is None else f"{difference:.1e}"]
        if packed:
            cells = [f"**{cell}**" for cell in cells]
        lines.append("| " + " | ".join(cells) + " |")
    lines += [f"\n{row['program']} {row['precision']} did not run: {row['failure']}"
              for row in rows if row["failure"]]
    return "\n".join(lines)


def figures_table(figures, threads):
    rows = []
    for f in figures.get("peak", []):
        rows.append((f"{f['workload']}, {f['precision']}: executed, text to norms",
                     f"{f['gflops']:.0f} GFLOP/s, {100 * f['share']:.0f} % of the measured peak of "
                     f"{f['peak_gflops']:.0f}"))
    for f in figures.get("threads", []):
        rows.append((f"{f['workload']}, {f['precision']}: {threads} threads against one",
                     f"{f['speedup']:.2f}×"))
    if f := figures.get("tokenizer"):
        rows.append((f"tokenizer, one thread, {f['sentences']:,} sentences, {f['ids']:,} ids",
                     f"{f['ids'] / f['normscope_s'] / 1e6:.1f} million ids/s; `tokenizers` "
                     f"{f['ids'] / f['tokenizers_s'] / 1e6:.2f}: {f['ratio']:.1f}×"))
    for f in figures.get("start", []):
        rows.append((f"start of the process to the first norm, MiniLM: {f['program']} "
                     f"{f['precision']}", f"{1000 * f['median_s']:,.0f} ms"))
    for f in figures.get("memory", []):
        rows.append((f"peak memory, bert-base's shape, {f['sentences']:,} sentences: {f['program']} "
                     f"{f['precision']}", f"{f['peak_bytes'] / 2**20:,.0f} MiB"))
    if not rows:
        return ""
    return "\n".join(["| figure | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def markdown(record, workloads, contenders):
    m = record["machine"]
    heading = (f"{m['cpu']} (family {m['cpu_family']}, model {m['cpu_model']}), "
               f"{record['threads']} threads on {m['cores']} cores, {m['memory_gib']} GiB, "
               f"{m['system']}; {record['date']}, {record['rounds']} rounds"
               f"{', a quick run: not for conclusions' if record['quick'] else ''}.")
    parts = [heading]
    if record["isa"] == "avx2":
        held = [c.program for c in contenders if c.switch]
        free = sorted({c.program for c in contenders if not c.switch and c.program not in held})
        parts.append("All are held to AVX2" + (
            f", except {' and '.join(free)}, which have no switch for it and are shown as they are."
            if free else "."))
    parts += [table(w, record["workloads"][w.name]["results"]) for w in workloads]
    parts.append(figures_table(record["figures"], record["threads"]))
    return "\n\n".join(part for part in parts if part) + "\n"


def around(path, section):
    """What a file has up to the marker <!-- compare SECTION -->, and what from the marker
    <!-- /compare SECTION --> on."""
    begin, end = f"<!-- compare {section} -->\n", f"<!-- /compare {section} -->"
    head, found, rest = path.read_text().partition(begin)
    _, found_end, tail = rest.partition(end)
    if not found or not found_end:
        raise Failed(f"{path} has no place {begin.strip()} … {end}")
    return head + begin, end + tail


def insert(path, section, text):
    """Puts `text` between these markers."""
    head, tail = around(path, section)
    path.write_text(head + text + tail)
