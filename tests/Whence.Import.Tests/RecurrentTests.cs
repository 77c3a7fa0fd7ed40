using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary>Recurrent layers against ONNX Runtime: all directions, their outputs, and the states that they begin with.</summary>
public sealed class RecurrentTests
{
    private const int Inputs = 3, Hidden = 4;

    private static readonly Dictionary<string, int> gates = new() { ["LSTM"] = 4, ["GRU"] = 3, ["RNN"] = 1 };

    /// <summary>An operator over this many steps, with all its outputs.</summary>
    private static ModelBuilder Recurrent(string type, int steps, string direction, string[] states, params (string, object)[] settings)
    {
        var (directions, size) = (direction == "bidirectional" ? 2 : 1, gates[type] * Hidden);
        var builder = new ModelBuilder().Input("x", steps, 1, Inputs).Tensor("w", [directions, size, Inputs])
            .Tensor("r", [directions, size, Hidden]).Tensor("b", [directions, 2 * size]);
        foreach (var (state, i) in states.Select((state, i) => (state, i)))
        {
            if (state == "input")
                builder.Input($"s{i}", directions, 1, Hidden);
            else if (state == "constant")
                builder.Tensor($"s{i}", [directions, 1, Hidden]);
        }
        string[] outputs = type == "LSTM" ? ["y", "yh", "yc"] : ["y", "yh"];
        builder.Node(type, "recurrent", ["x", "w", "r", "b", "_", .. states.Select((state, i) => state == "_" ? "_" : $"s{i}")], outputs,
            [("hidden_size", Hidden), ("direction", direction), .. settings]);
        foreach (var output in outputs)
            builder.Output(output);
        return builder;
    }

    private static readonly string[] directions = ["forward", "reverse", "bidirectional"];

    [Fact]
    public void AGruResetsBeforeOrBehindItsProduct() => Agree([.. from direction in directions
        from behind in new[] { 0, 1 }
        from state in new string[][] { [], ["constant"] }
        select Recurrent("GRU", 5, direction, state, ("linear_before_reset", behind))],
        sources => Assert.Equal(6, sources.Count(source => source.Contains("ResetAfter = false", StringComparison.Ordinal))));

    [Fact]
    public void AnLstmGivesItsCellStateAndBeginsWithStates() => Agree([.. from direction in directions
        from states in new string[][] { [], ["constant", "constant"], ["input", "input"], ["_", "input"] }
        select Recurrent("LSTM", 5, direction, states)],
        sources => Assert.All(sources, source => Assert.Contains("foreach (var step in ", source, StringComparison.Ordinal)));

    [Fact]
    public void ASimpleRecurrentNetworkIsALoop() => Agree([.. from direction in directions
        from states in new string[][] { [], ["input"] }
        from functions in new[] { [], direction == "bidirectional" ? ["Relu", "Tanh"] : new[] { "Relu" } }
        select Recurrent("RNN", 5, direction, states, functions.Length == 0 ? [] : [("activations", functions)])],
        sources => Assert.All(sources, source => Assert.Contains("foreach (var step in ", source, StringComparison.Ordinal)));

    [Fact]
    public void OfOneStepThereIsNoLoop() => Agree([Recurrent("LSTM", 1, "bidirectional", ["input", "input"]),
        Recurrent("GRU", 1, "reverse", ["input"]), Recurrent("RNN", 1, "forward", ["constant"])],
        sources => Assert.All(sources, source => Assert.DoesNotContain("foreach", source, StringComparison.Ordinal)));

    [Fact]
    public void OneDirectionReadsAsOneWouldWriteIt() => Assert.Contains("""
            public (Tensor, Tensor, Tensor) Forward([Shape(5, 1, 3)] Tensor x, [Shape(1, 1, 4)] Tensor h, [Shape(1, 1, 4)] Tensor cell)
            {
                var h2 = Flatten(h);
                var c = Flatten(cell);
                var states = new List<Tensor>();
                foreach (var step in Reshape(x, 5, 3))
                {
                    (h2, c) = Recur1(step, h2, c);
                    states.Add(h2);
                }
                return (Reshape(Stack(states), 5, 1, 4), Reshape(h2, 1, 4), Reshape(c, 1, 4));
            }
        """.ReplaceLineEndings("\n"), Importer.Import(new ModelBuilder().Input("x", 5, 1, Inputs).Input("h", 1, 1, Hidden)
            .Input("cell", 1, 1, Hidden).Tensor("w", [1, 16, Inputs]).Tensor("r", [1, 16, Hidden])
            .Node("LSTM", "recurrent", ["x", "w", "r", "_", "_", "h", "cell"], ["y", "yh", "yc"], ("hidden_size", Hidden))
            .Output("y").Output("yh").Output("yc").Build(), "m").Source, StringComparison.Ordinal);

    [Theory]
    [InlineData("peepholes", "it has peepholes.")]
    [InlineData("clip", "it clips its gates, or couples them.")]
    [InlineData("activations", "its activations are Relu, Tanh, Tanh.")]
    [InlineData("lengths", "its sequences have lengths of their own.")]
    [InlineData("states", "its initial state is another for each example.")]
    public void WhatIsNotSaidIsRefused(string what, string why)
    {
        var batch = what == "states" ? 2 : 1;
        var builder = new ModelBuilder().Input("x", batch, 5, Inputs).Tensor("w", [1, 16, Inputs]).Tensor("r", [1, 16, Hidden])
            .Tensor("b", [1, 32]).Tensor("p", [1, 12]).Tensor("s", [1, 2, Hidden])
            .Raw("few", 6, [1], BitConverter.GetBytes(3)).Node("Transpose", "t", ["x"], "xt", ("perm", new[] { 1, 0, 2 }));
        (string, object)[] settings = what switch
        {
            "clip" => [("clip", 1f)],
            "activations" => [("activations", new[] { "Relu", "Tanh", "Tanh" })],
            _ => [],
        };
        string[] inputs = ["xt", "w", "r", "b", what == "lengths" ? "few" : "_", what == "states" ? "s" : "_", "_",
            what == "peepholes" ? "p" : "_"];
        var file = builder.Node("LSTM", "recurrent", inputs, "y", [("hidden_size", Hidden), .. settings]).Output("y").Build();
        var finding = Assert.Single(Assert.Throws<ImportException>(() => Importer.Import(file, "m")).Findings);
        Assert.Equal(("recurrent", "LSTM", why), (finding.Node, finding.Operator, finding.Why));
        Assert.NotEmpty(finding.Remedy);
    }

    private static void Agree(ModelBuilder[] builders, Action<IReadOnlyList<string>> require)
    {
        ImportedModel[] models = [.. builders.Select((builder, i) => Importer.Import(builder.Build(), $"m{i}.onnx"))];
        require([.. models.Select(model => model.Source)]);
        var runtime = OnnxRuntime.Open(AppContext.BaseDirectory);
        using var compiled = CompiledModels.Compile(models);
        Assert.All(models, model =>
        {
            var found = new Checker(model) { Runtime = runtime }.OnRandomInputs(compiled);
            Assert.InRange(found.Relative, 0, 1e-6);
            Assert.InRange(found.Gap!.Value, 0, 1e-5);
        });
    }
}
