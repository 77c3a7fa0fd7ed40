using System.CommandLine;
using Digits;
using Samples;
using Spectre.Console;
using Whence;
using Whence.Pictures;

var what = new Argument<string[]>("what")
{
    Description = "a digit's number, a PNG file of 28 x 28 pixels, or an IDX file and then numbers in it; several may be given; digits 0, "
        + "18 and 61 if none is",
};
what.RefuseOptions();
var target = CommandLine.Number("--target", "explain the logit of class N; without it that of the class with the highest", 0, 9);
var minus = CommandLine.Number("--minus", "explain by how much the target's logit is above that of class N", 0, 9);
var steps = CommandLine.Number("--steps", "steps of integrated gradients (50)", 1, 100_000);
var report =
    new Option<string>("--out") { Description = "where the report goes", HelpName = "FILE", DefaultValueFactory = _ => "digits.html" };
var device = Computer.Option();
var root = new RootCommand("Explains why the network takes a handwritten digit for what it is.") { what, target, minus, steps, report,
    device, Erase.Command };
root.SetAction(words => Run(new Request(
    words.GetValue(what) is { Length: > 0 } some ? [.. some] : ["0", "18", "61"],
    words.GetValue(target), words.GetValue(minus), words.GetValue(steps) ?? 50, words.GetRequiredValue(report),
    words.GetRequiredValue(device))));
return root.Run(args, error => error is GpuException);

static int Run(Request request)
{
    CommandLine.RequireFile(request.Out);
    using var computer = Computer.Open(request.Device);
    var net = DigitNet.Load(Path.Combine(AppContext.BaseDirectory, "digits.safetensors"));
    var digits = Digit.Read(request.What, AppContext.BaseDirectory);
    var examples = WithProgress(digits.Count * SideBySide.Count,
        tick => digits.ConvertAll(digit => Explain(net, computer, digit, request, tick)));

    var report = new Report("Why these digits?", "DigitNet")
    {
        Note = "Handwritten digits and what each method says about which pixels raised or lowered the network's answer.",
    };
    foreach (var example in examples)
    {
        report.Examples.Add(example);
        AnsiConsole.Write(Table(example));
    }
    report.Save(request.Out);
    AnsiConsole.MarkupLineInterpolated($"{computer.Tell()}");
    AnsiConsole.MarkupLineInterpolated($"The pictures are in [bold]{Path.GetFullPath(request.Out)}[/].");
    return 0;
}

static Example Explain(DigitNet net, Computer computer, Digit digit, Request request, Action tick)
{
    var fast = computer.Device is { } device ? net.OnGpu(device) : null;
    var logits = fast?.Predict(digit.Pixels) ?? net.Predict(digit.Pixels);
    var answer = Array.IndexOf(logits, logits.Max());
    var sure = 1 / logits.Sum(logit => Math.Exp(logit - logits[answer]));
    var unit = request.Target ?? answer;
    var target = request.Minus is { } minus ? Target.Difference(unit, minus) : Target.Unit(unit);
    return new Example
    {
        Title = digit.Label is { } label ? $"{digit.Title}: {(label == 8 ? "an" : "a")} {label}" : digit.Title,
        Note = $"The network says {answer}, with a softmax of {sure:p2}.",
        Shape = Digit.Shape,
        Input = digit.Pixels,
        Explanations = [.. Answers().Select(explained =>
        {
            tick();
            return explained;
        })],
    };

    IEnumerable<Explained> Answers()
    {
        var onCpu = SideBySide.All(net, digit.Pixels, target, request.Steps);
        return fast is null ? onCpu : SideBySide.All(fast, digit.Pixels, target, request.Steps).Zip(onCpu, (ours, theirs) =>
        {
            computer.Compare(ours.Scores.Span, theirs.Scores.Span);
            return ours;
        });
    }
}

// A bar is shown only if the work takes over a second.
static T WithProgress<T>(int total, Func<Action, T> run)
{
    var done = 0;
    var work = Task.Run(() => run(() => Interlocked.Increment(ref done)));
    if (Task.WaitAny([work], TimeSpan.FromSeconds(1)) < 0)
    {
        AnsiConsole.Progress().Start(progress =>
        {
            var bar = progress.AddTask("explaining", maxValue: total);
            while (Task.WaitAny([work], TimeSpan.FromMilliseconds(50)) < 0)
                bar.Value = Volatile.Read(ref done);
            bar.Value = total;
        });
    }
    return work.GetAwaiter().GetResult();
}

// It fits into eighty columns, so the outputs, which are the same for all methods, stand below it.
static Table Table(Example example)
{
    var first = example.Explanations[0];
    var reference = example.Explanations.First(why => why.ReferenceOutput is not null);
    var table = new Table().Border(TableBorder.Horizontal)
        .Title($"[bold]{Markup.Escape(example.Title)}[/]")
        .Caption(Markup.Escape(
            $"{example.Note} {first.Target}: {first.Output:f4}, at the reference ({reference.Reference}) {reference.ReferenceOutput:f4}."));
    foreach (var title in new[] { "method", "rule", "sum", "gap", "relative" })
        table.AddColumn(title, column => (title is "method" or "rule" ? column : column.RightAligned()).NoWrap().Padding(0, 0, 1, 0));
    foreach (var why in example.Explanations)
        table.AddRow(Markup.Escape(why.Method), Markup.Escape(why.Detail), $"{why.Sum:f3}", $"{why.Gap:0.0e+0}",
            $"{why.RelativeGap:0.0e+0}");
    return table;
}

/// <summary>What the command line asks for.</summary>
internal sealed record Request(List<string> What, int? Target, int? Minus, int Steps, string Out, string Device);
