using System.Runtime.CompilerServices;
using System.Text.Json;
using Whence.CompilerServices;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Golden;

/// <summary>fixtures/relevance: the epsilon rule of layer-wise relevance propagation, as Captum computes it.</summary>
public sealed class RelevanceVectors
{
    private const int Count = 4;

    private static readonly Dictionary<string, JsonElement> cases =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(), "lrp_epsilon.json"))).RootElement.EnumerateArray().ToDictionary(Id);

    public static TheoryData<string> Ids => [.. cases.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void AgreesWith(string id)
    {
        var one = cases[id];
        var net = Net(one);
        var x = one.Numbers("x");
        var (scores, sums) = (new double[x.Length], new Completeness[Count]);
        SpanExplainers.LrpEpsilon<double>(net, x, Count, Target.Unit(one.GetProperty("target").GetInt32()),
            new() { Scores = scores, Sums = sums });
        Compare.Rows($"{id} y", Ask.Predict(net, x, Count), one.Numbers("y"), Count, 1e-12);
        Compare.Rows(id, scores, one.Numbers("relevance"), Count, 1e-9);
        for (var row = 0; row < Count; row++)
        {
            var size = x.Length / Count;
            Assert.Equal(0, sums[row].ReferenceOutput);
            Assert.Equal(sums[row].Output - scores[(row * size)..((row + 1) * size)].Sum(), sums[row].Gap!.Value, 10);
            Assert.NotInRange(sums[row].RelativeGap!.Value, 0, 1e-6);
        }
    }

    // Ancona et al. 2018, proposition 1; it also holds with biases, whose relevance is lost in both.
    [Fact]
    public void WithoutAStabiliserItIsGradientTimesInputOnReluNetworks()
    {
        var net = Trained.MnistCnn().Interpret(lrpEpsilon: 0);
        var x = Whence.Golden.Npz.Golden("mnist_cnn.npz")["x"].Values;
        var (relevance, product) = (new double[x.Length], new double[x.Length]);
        SpanExplainers.LrpEpsilon<double>(net, x, 8, Target.Unit(3), relevance);
        SpanExplainers.GradientTimesInput<double>(net, x, 8, Target.Unit(3), default, product);
        Compare.Rows("LRP", relevance, product, 8, 1e-12);
    }

    [Fact]
    public void WithoutBiasesNothingIsLost()
    {
        var s = new Sketch();
        var x = s.Input("x", 4);
        var hidden = s.Apply<Ops.Tanh>(s.Linear("A", x, 5, bias: false));
        var gated = s.Apply<Ops.Sigmoid>(s.Linear("B", x, 5, bias: false)) * hidden;
        var net = new ZooNetwork("gated", s.Return(s.Linear("C", gated, 2, bias: false)), TensorsFrom.Weights(Weights.Random(5)))
            .Interpret(lrpEpsilon: 1e-12);
        var sums = new Completeness[1];
        SpanExplainers.LrpEpsilon<double>(net, [0.3, -1.2, 0.7, 2], 1, Target.Unit(1), new() { Scores = new double[4], Sums = sums });
        Assert.InRange(sums[0].RelativeGap!.Value, 0, 1e-9);
    }

    [Fact]
    public void AnActivationAtZeroTakesItsSlope()
    {
        var s = new Sketch();
        var net = new ZooNetwork("tanh", s.Return(s.Apply<Ops.Tanh>(s.Input("x", 2))),
            TensorsFrom.Table(new Dictionary<string, double[]>()))
            .Interpret();
        var arguments = new BackwardArguments<double>
        {
            X = new double[2], Rows = 1, ReferenceRows = 1, From = 0, Seed = new double[] { 1, 2 }, SeedRows = 1, To = -1, InjectAt = -1,
            Multipliers = new double[2],
        };
        ((IHostPasses<double>)net).Backward(Pass.LrpEpsilon, ref arguments);
        Assert.Equal([1.0, 2.0], arguments.Multipliers.ToArray());
    }

    private static string Id(JsonElement one) => $"{one.GetProperty("name").GetString()} {one.GetProperty("epsilon").GetDouble():r}";

    private static InterpretedNetwork Net(JsonElement one)
    {
        var s = new Sketch();
        var output = one.GetProperty("name").GetString() switch
        {
            "dense_relu" => s.Linear("L4", s.Relu(s.Linear("L2", s.Relu(s.Linear("L0", s.Input("x", 5), 7)), 6)), 3),
            "dense_tanh" => s.Linear("L2", s.Apply<Ops.Tanh>(s.Linear("L0", s.Input("x", 5), 7)), 3),
            _ => Convolution(s),
        };
        var tensors = one.GetProperty("tensors")
            .EnumerateObject()
            .ToDictionary(tensor => "l" + tensor.Name, tensor => tensor.Value.Numbers());
        return new ZooNetwork("relevance", s.Return(output), TensorsFrom.Table(tensors))
            .Interpret(lrpEpsilon: one.GetProperty("epsilon").GetDouble());
    }

    private static Value Convolution(Sketch s)
    {
        var pooled = s.Call("MaxPool2d", s.Relu(s.Conv2d("L0", s.Input("x", 2, 6, 6), 4, 3, ("pad", 1))), ("window", 2));
        return s.Linear("L6", s.Call("Flatten", s.Apply<Ops.Tanh>(s.Conv2d("L3", pooled, 3, 2))), 3);
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "fixtures", "relevance");
}
