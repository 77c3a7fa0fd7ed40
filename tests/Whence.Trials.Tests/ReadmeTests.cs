using System.Runtime.CompilerServices;
using Whence.Authoring;
using Whence.Evaluate;
using Whence.Reasons;
using static Whence.Nn;

namespace Whence.Trials.Tests.Readme;

[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["Conv2"])]
public sealed partial class DigitNet
{
    [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
    [Linear(128)] private partial Tensor Fc1(Tensor x);
    [Linear(10)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(1, 28, 28)] Tensor image) =>
        Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image))))))));
}

[Network(Explain = Methods.Rescale, Weights = "")]
public sealed partial class CreditNet
{
    [Linear(1)] private partial Tensor Score(Tensor x);

    public Tensor Forward([Shape(5), Features("income", "debt", "years", "home=own", "home=rent")] Tensor loan) => Score(loan);
}

/// <summary>Integrated gradients over the end of the path alone, from a share of it on.</summary>
public readonly struct EndOfPath(double from, int steps) : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "EndOfPath", Rows = steps, Fold = Fold.WeightedSum, Finish = Finish.TimesDifference, Compares = true,
    };

    public void Place(int row, ref RowSpec spec) =>
        (spec.Alpha, spec.Weight) = (from + (1 - from) * (row + 0.5) / steps, (1 - from) / steps);
}

/// <summary>What the README shows is what compiles here, line by line, and runs.</summary>
public class ReadmeTests
{
    [Fact]
    public void Its_lines_are_those_compiled_here()
    {
        var here = Lines(File.ReadAllText(Here())).ToHashSet();
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "README.md")).ReplaceLineEndings("\n");
        var blocks = readme.Split("```csharp\n").Skip(1).Select(block => block.Split("```")[0]).ToList();
        // What needs a package of its own is held by that package's tests.
        string[] packages = ["GpuDevice", "AddNetwork"];
        blocks.RemoveAll(block => packages.Any(name => block.Contains(name, StringComparison.Ordinal)));
        Assert.Equal(7, blocks.Count);
        Assert.All(blocks.SelectMany(Lines).Where(line => line != "using Whence;"), line => Assert.Contains(line, here));
    }

    [Fact]
    public void Its_questions_have_answers()
    {
        var image = Enumerable.Range(0, 784).Select(i => i % 7 / 7f).ToArray();

        var net = DigitNet.Load("digits.safetensors");
        float[] logits = net.Predict(image);

        var why = net.DeepLift(image, Target.Unit(7));
        Console.WriteLine($"{why.Output} - {why.ReferenceOutput} = sum of contributions, off by {why.Gap:e1}");

        Assert.Equal(logits[7], why.Output, 1e-5 * (1 + Math.Abs(why.Output)));
        why.RequireGap(1e-5);

        var end = net.Explain(new EndOfPath(0.5, steps: 20), image, Target.Unit(7));
        Assert.Equal("EndOfPath", end.Method);
        Assert.Null(end.Gap);

        var exact = net.IntegratedGradients(image, Target.Unit(7), options: new PathOptions { Quadrature = Quadrature.Exact });
        Assert.True(exact.Completeness.IsExact);
        exact.RequireGap(1e-6);
    }

    [Fact]
    public void Its_many_rows_are_summed_up()
    {
        const int count = 5;
        var net = DigitNet.Load("digits.safetensors");
        var images = Enumerable.Range(0, count * 784).Select(i => i % 11 / 11f).ToArray();

        var view = GlobalScores.Of(net.Signature);
        for (var row = 0; row < count; row++)
            view.Add(row, net.DeepLift(images.AsSpan(row * 784, 784), Target.Unit(7)));
        foreach (var pixel in view.Top(3))
            Console.WriteLine($"{pixel.Name}: {pixel.MeanAbsolute.Estimate} ({pixel.MeanAbsolute.Low} to {pixel.MeanAbsolute.High})");

        Assert.Equal(count, view.Rows);
        Assert.All(view.Top(3), pixel => Assert.InRange(pixel.MeanAbsolute.Estimate, pixel.MeanAbsolute.Low, pixel.MeanAbsolute.High));
    }

    [Fact]
    public void Its_reasons_are_told()
    {
        Weights.Save("credit.safetensors", new Dictionary<string, Tensor>
        {
            ["score.weight"] = new(new Shape(1, 5), [2, -1, 0.5, 1, -0.25]), ["score.bias"] = new(new Shape(1), [0]),
        });
        var net = CreditNet.Load("credit.safetensors");
        ReasonWords[] words = [new("income", "Income"), new("debt", "Debt"), new("years", "Years in the job"), new("home", "Housing")];
        var (row, repaid, population) = (new float[] { 1, 3, 1, 0, 1 }, Target.Unit(0), new float[] { 2, 1, 2, 1, 0 });

        var policy = new ReasonPolicy(net.Signature, words, "400 loans repaid in 2024", Provenance.Of(net, "credit.safetensors"),
            new() { Count = 4, Direction = ReasonDirection.Lowers });
        var told = policy.State(net.DeepLift(row, repaid, Rule.Rescale, population), row, new DateOnly(2026, 3, 9), "application 4711");
        File.WriteAllText("letter.html", new Letter { Opening = ["We cannot grant the loan."] }.ToHtml(told));

        // 2 (1 - 2), -1 (3 - 1), 0.5 (1 - 2), and 1 (0 - 1) - 0.25 (1 - 0): equal ones in the network's order.
        Assert.Equal([("income", -2.0), ("debt", -2.0), ("home", -1.25), ("years", -0.5)],
            told.Reasons.Select(reason => (reason.Feature, Math.Round(reason.Score, 6))));
        Assert.Contains("We cannot grant the loan.", File.ReadAllText("letter.html"));
    }

    [Fact]
    public void Its_spans_are_written_to()
    {
        const int count = 2;
        var net = DigitNet.Load("digits.safetensors");
        var images = Enumerable.Range(0, count * 784).Select(i => i % 7 / 7f).ToArray();
        var (reference, scores, sums) = (new float[784], new float[count * 784], new Completeness[count]);

        // A span or an array alone receives the scores.
        SpanExplainers.DeepLift(net, images, count, Target.Unit(7), Rule.Rescale, reference, scores);
        var alone = scores.ToArray();
        SpanExplainers.DeepLift(net, images, count, Target.Unit(7), Rule.Rescale, reference, new() { Scores = scores, Sums = sums });

        Assert.Equal(alone, scores);
        for (var i = 0; i < count; i++)
            Assert.Equal(net.DeepLift(images.AsSpan(i * 784, 784), Target.Unit(7), Rule.Rescale, reference).Completeness, sums[i]);
    }

    private static IEnumerable<string> Lines(string text) => text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim());

    private static string Here([CallerFilePath] string path = "") => path;
}
