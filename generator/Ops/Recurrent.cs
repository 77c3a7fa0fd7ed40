using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>
/// What a cell is made of: its gates as one product of x and one of h, each of so many times the hidden size. Gates go by the Rescale rule
/// unless the layer has another; their products by midpoints, as all.
/// </summary>
internal abstract class Cell(int gates, int states)
{
    public static readonly Cell Lstm = new LstmGates();
    public static readonly Cell Gru = new GruGates();

    /// <summary>How many gates it has.</summary>
    public int GateCount { get; } = gates;

    /// <summary>How many states it carries.</summary>
    public int States { get; } = states;

    /// <summary>
    /// The gates' product of x, which waits for no state: of one step, or of a whole sequence at once. <paramref name="suffix"/> ends the
    /// names of the weights.
    /// </summary>
    public abstract int Given(Expansion x, int input, int hidden, string suffix);

    /// <summary>The states after a step, given <see cref="Given"/> and the states before it.</summary>
    public abstract int[] Step(Expansion x, int given, int[] state, int hidden, string suffix);

    /// <summary>The size of all gates.</summary>
    public int Gates(int hidden) => Shape.Axis((long)GateCount * hidden);

    protected int Product(Expansion x, int value, int hidden, string weight, params string[] biases) => x.AddWeighted(
        Registry.Dense, Settings.Of(("inputs", x.ShapeOf(value)[x.ShapeOf(value).Rank - 1]), ("outputs", GateCount * hidden)), weight,
        x.Node.Settings.Flag("bias", true) ? biases : [], value);

    protected static int Sigmoid(Expansion x, string part, int value) => x.Part(part, () => x.Apply(Functions.Sigmoid, value, RuleOf(x)));

    protected static int Tanh(Expansion x, string part, int value) => x.Part(part, () => x.Apply(Functions.Tanh, value, RuleOf(x)));

    private static RuleChoice RuleOf(Expansion x) => x.Node.Rule == RuleChoice.Inherit ? RuleChoice.Rescale : x.Node.Rule;

    private sealed class LstmGates() : Cell(4, 2)
    {
        public override int Given(Expansion x, int input, int hidden, string suffix) =>
            x.Part("given", () => Product(x, input, hidden, "weight_ih" + suffix, "bias_ih" + suffix, "bias_hh" + suffix));

        public override int[] Step(Expansion x, int given, int[] state, int hidden, string suffix)
        {
            var gates = x.Part("gates", () => x.Combine([1, 1], given, Product(x, state[0], hidden, "weight_hh" + suffix)));
            int Gate(int index) => x.Part("gate", () => x.Cut(gates, index * hidden, hidden));
            var kept = x.Part("kept", () => x.Product(Sigmoid(x, "forget", Gate(1)), state[1]));
            var added = x.Part("added", () => x.Product(Sigmoid(x, "input", Gate(0)), Tanh(x, "new", Gate(2))));
            var c = x.Part("c", () => x.Combine([1, 1], kept, added));
            var h = x.Part("h", () => x.Product(Sigmoid(x, "output", Gate(3)), Tanh(x, "tanh", c)));
            return [h, c];
        }
    }

    private sealed class GruGates() : Cell(3, 1)
    {
        public override int Given(Expansion x, int input, int hidden, string suffix) =>
            x.Part("given", () => Product(x, input, hidden, "weight_ih" + suffix, "bias_ih" + suffix));

        public override int[] Step(Expansion x, int given, int[] state, int hidden, string suffix)
        {
            var kept = x.Part("kept", () => Product(x, state[0], hidden, "weight_hh" + suffix, "bias_hh" + suffix));
            int Gate(int gates, int index) => x.Part("gate", () => x.Cut(gates, index * hidden, hidden));
            int Both(int index) => x.Part("gates", () => x.Combine([1, 1], Gate(given, index), Gate(kept, index)));
            var reset = Sigmoid(x, "reset", Both(0));
            var update = Sigmoid(x, "update", Both(1));
            var old = x.Part("old", () => x.Node.Settings.Flag("resetAfter", true) ? x.Product(reset, Gate(kept, 2))
                : Gate(Product(x, x.Product(reset, state[0]), hidden, "weight_hh" + suffix, "bias_hh" + suffix), 2));
            var fresh = Tanh(x, "new", x.Part("gates", () => x.Combine([1, 1], Gate(given, 2), old)));
            return [x.Part("h",
                () => x.Combine([1, 1], x.Product(x.Combine([1, -1], x.Ones(update), update), fresh), x.Product(update, state[0])))];
        }
    }
}

/// <summary>One step of a recurrence. Inputs: x and the states; its value is the new states, one after the other.</summary>
internal abstract class CellLayer(Cell cell) : Op
{
    public override int Arity => 1 + cell.States;

    public override int Results => cell.States;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var state = new Shape(Math.Max(settings.Int("hidden"), 1));
        return settings.Int("hidden") < 1 ? $"has {settings.Int("hidden")} units, but needs at least 1" :
            inputs[0].Rank != 1 ? $"takes x as [inputs], not {inputs[0]}" :
            inputs.Skip(1).FirstOrDefault(input => !input.Equals(state)) is { } odd ? $"takes states of {state}, not {odd}" : null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        new(Shape.Axis((long)cell.States * settings.Int("hidden")));

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.Cell(cell.GateCount, inputs[0].Size, settings.Int("hidden"), settings.Flag("bias", true));

    public override int Expand(Expansion x)
    {
        var hidden = x.Node.Settings.Int("hidden");
        var states = cell.Step(x, cell.Given(x, x.Inputs[0], hidden, ""), x.Inputs.Skip(1).ToArray(), hidden, "");
        return states.Length == 1 ? states[0] : x.Add(Registry.Join, Settings.Of(("axis", 0)), states);
    }

    public override IEnumerable<Example> Examples =>
    [
        new(Enumerable.Repeat(new Shape(4), cell.States).Prepend(new Shape(3)).ToEquatable(), Settings.Of(("hidden", 4))),
        new(Enumerable.Repeat(new Shape(2), cell.States).Prepend(new Shape(5)).ToEquatable(), Settings.Of(("hidden", 2), ("bias", 0))),
    ];
}

/// <summary>A recurrence over a sequence, in layers and directions, from zero states: a scan for each.</summary>
internal abstract class RecurrentLayer(Cell cell) : Op
{
    // Each is a loop of its own in what is compiled, and names its own weights.
    private const int MostLayers = 64;

    public override bool Scans => true;

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        axes[0] != 0 ? Positions.Mixed : settings.Flag("lastState") ? Positions.Gathered : Positions.Weighed;

    public override IEnumerable<Shape> Within(IReadOnlyList<Shape> inputs, Settings settings) =>
        [new(inputs[0][0], cell.Gates(settings.Int("hidden")))];

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Int("layers", 1) > MostLayers ? $"has {settings.Int("layers", 1)} layers, but at most {MostLayers}" :
        settings.Int("hidden") < 1 || settings.Int("layers", 1) < 1
            ? $"has {settings.Int("layers", 1)} layers of {settings.Int("hidden")} units, but needs at least 1 of each" :
        inputs[0].Rank != 2 ? $"takes [steps, inputs], not {inputs[0]}" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var features = Features(settings);
        return settings.Flag("lastState") ? new Shape(features) : new Shape(inputs[0][0], features);
    }

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.Recurrence(cell.GateCount, inputs[0][1], settings.Int("hidden"), settings.Int("layers", 1),
            settings.Flag("bidirectional"), settings.Flag("bias", true));

    private static int Features(Settings settings) => Shape.Axis((long)settings.Int("hidden") * Directions(settings));

    private static int Directions(Settings settings) => settings.Flag("bidirectional") ? 2 : 1;

    private static string Suffix(int layer, int direction) => $"_l{layer}{(direction == 1 ? "_reverse" : "")}";

    public override int Expand(Expansion x)
    {
        var settings = x.Node.Settings;
        var (sequence, layers, directions) = (x.Inputs[0], settings.Int("layers", 1), Directions(settings));
        for (var layer = 0; ; layer++)
        {
            var last = layer == layers - 1;
            var each = Enumerable.Range(0, directions)
                .Select(direction => Run(x, sequence, layer, direction, last && settings.Flag("lastState")))
                .ToArray();
            var axis = last && settings.Flag("lastState") ? 0 : 1;
            sequence = directions == 1 ? each[0] : x.Add(Registry.Join, Settings.Of(("axis", axis)), each);
            if (last)
                return sequence;
        }
    }

    private int Run(Expansion x, int sequence, int layer, int direction, bool lastState)
    {
        var hidden = x.Node.Settings.Int("hidden");
        var suffix = Suffix(layer, direction);
        var given = cell.Given(x, sequence, hidden, suffix);
        var scan = x.NewScan(x.ShapeOf(sequence)[0], direction == 1);
        var zeros = x.Constant([0], new Shape(hidden));
        var step = x.Part("given", () => x.StepOf(given, scan));
        var states = Enumerable.Range(0, cell.States)
            .Select(i => x.Part(i == 0 ? "state" : "cell", () => x.Carried(zeros, scan, x.IsLive)))
            .ToArray();
        x.HoldPast(Mask.Of(x), scan);
        var after = states.Zip(cell.Step(x, step, states, hidden, suffix), x.Held).ToArray();
        var next = states.Zip(after, x.Next).ToArray();
        return lastState ? x.Final(next[0]) : x.Stacked(after[0], scan.Steps);
    }

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(4, 3)), Settings.Of(("hidden", 2))),
        new(EquatableArray.Of(new Shape(3, 2)), Settings.Of(("hidden", 3), ("layers", 2), ("bidirectional", 1))),
        new(EquatableArray.Of(new Shape(3, 2)), Settings.Of(("hidden", 2), ("bidirectional", 1), ("lastState", 1), ("bias", 0))),
    ];
}

/// <summary>One step of a long short-term memory.</summary>
internal sealed class LstmCell() : CellLayer(Cell.Lstm);

/// <summary>One step of a gated recurrent unit.</summary>
internal sealed class GruCell() : CellLayer(Cell.Gru)
{
    public override IEnumerable<Example> Examples =>
    [
        .. base.Examples, new(EquatableArray.Of(new Shape(3), new Shape(4)), Settings.Of(("hidden", 4), ("resetAfter", 0))),
    ];
}

/// <summary>A long short-term memory over a sequence.</summary>
internal sealed class Lstm() : RecurrentLayer(Cell.Lstm);

/// <summary>A gated recurrent unit over a sequence.</summary>
internal sealed class Gru() : RecurrentLayer(Cell.Gru)
{
    public override IEnumerable<Example> Examples =>
    [
        .. base.Examples, new(EquatableArray.Of(new Shape(4, 3)), Settings.Of(("hidden", 2), ("resetAfter", 0))),
    ];
}
