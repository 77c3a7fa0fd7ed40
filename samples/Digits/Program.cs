using System.Globalization;
using Digits;
using Spectre.Console;
using Whence;
using Whence.Pictures;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    if (args is ["erase", .. var words])
        return Erase.Run(words);
    var arguments = Arguments.Parse(args);
    if (arguments.Help)
        Console.WriteLine($"{Arguments.Usage}\n\n{Erase.Usage}");
    else
        Run(arguments);
    return 0;
}
catch (Exception error) when (error is ArgumentException or InvalidDataException or IOException or WeightsException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

static void Run(Arguments arguments)
{
    var net = DigitNet.Load(Path.Combine(AppContext.BaseDirectory, "digits.safetensors"));
    var digits = Digit.Read(arguments.What, AppContext.BaseDirectory);
    var examples = WithProgress(digits.Count * SideBySide.Count, tick => digits.ConvertAll(digit => Explain(net, digit, arguments, tick)));

    var report = new Report("Why these digits?", "DigitNet")
    {
        Note = "Handwritten digits and what each method says about which pixels raised or lowered the network's answer.",
    };
    foreach (var example in examples)
    {
        report.Examples.Add(example);
        AnsiConsole.Write(Table(example));
    }
    report.Save(arguments.Out);
    AnsiConsole.MarkupLineInterpolated($"The pictures are in [bold]{Path.GetFullPath(arguments.Out)}[/].");
}

static Example Explain(DigitNet net, Digit digit, Arguments arguments, Action tick)
{
    var logits = net.Predict(digit.Pixels);
    var answer = Array.IndexOf(logits, logits.Max());
    var sure = 1 / logits.Sum(logit => Math.Exp(logit - logits[answer]));
    var unit = arguments.Target ?? answer;
    var target = arguments.Minus is { } minus ? Target.Difference(unit, minus) : Target.Unit(unit);
    return new Example
    {
        Title = digit.Label is { } label ? $"{digit.Title}: {(label == 8 ? "an" : "a")} {label}" : digit.Title,
        Note = $"The network says {answer}, with a softmax of {sure:p2}.",
        Shape = Digit.Shape,
        Input = digit.Pixels,
        Explanations = [.. SideBySide.All(net, digit.Pixels, target, arguments.Steps).Select(explained =>
        {
            tick();
            return explained;
        })],
    };
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
        .Caption(Markup.Escape($"{example.Note} {first.Target}: {first.Output:f4}, at the reference ({reference.Reference}) {reference.ReferenceOutput:f4}."));
    foreach (var title in new[] { "method", "rule", "sum", "gap", "relative" })
        table.AddColumn(title, column => (title is "method" or "rule" ? column : column.RightAligned()).NoWrap().Padding(0, 0, 1, 0));
    foreach (var why in example.Explanations)
        table.AddRow(Markup.Escape(why.Method), Markup.Escape(why.Detail), $"{why.Sum:f3}", $"{why.Gap:0.0e+0}", $"{why.RelativeGap:0.0e+0}");
    return table;
}
