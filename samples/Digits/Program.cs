using System.Globalization;
using Digits;
using Spectre.Console;
using Whence;
using Whence.Pictures;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var arguments = Arguments.Parse(args);
    if (arguments.Help)
        Console.WriteLine(Arguments.Usage);
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

static Table Table(Example example)
{
    var table = new Table().Border(TableBorder.Rounded).Title($"[bold]{Markup.Escape(example.Title)}[/]").Caption(Markup.Escape(example.Note));
    table.AddColumn("method", column => column.NoWrap());
    foreach (var number in new[] { "output", "reference", "sum", "gap", "relative" })
        table.AddColumn(number, column => column.RightAligned().NoWrap());
    foreach (var why in example.Explanations)
        table.AddRow(Markup.Escape(Named(why)), $"{why.Output:f3}", $"{why.ReferenceOutput:f3}", $"{why.Sum:f3}", Small(why.Gap), Small(why.RelativeGap));
    return table;
}

static string Named(Explained why) => why.Detail.Length == 0 ? why.Method : $"{why.Method}, {why.Detail}";

static string Small(double? number) => number is { } value ? value.ToString("0.0e+0", CultureInfo.InvariantCulture) : "";
