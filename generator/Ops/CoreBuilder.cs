using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>
/// Makes core nodes, for an expansion or a derivation: each has the shape that its operator says of its inputs, and stands in the scan of
/// what it reads.
/// </summary>
internal abstract class CoreBuilder
{
    private int states;

    /// <summary>A builder whose states are told apart from <paramref name="states"/> others.</summary>
    protected CoreBuilder(int states = 0) => this.states = states;

    /// <summary>What was made so far.</summary>
    protected GraphBuilder Made { get; } = new();

    /// <summary>A node with what else is known of it where it is made.</summary>
    protected abstract Node Described(Node node);

    /// <summary>The scan of a node that reads these, and leaves none; null outside of any.</summary>
    protected virtual Scan? ScanOf(IEnumerable<int> inputs) =>
        inputs.Select(input => Made[input].Scan).FirstOrDefault(around => around is not null);

    /// <summary>Adds a node, or finds its equal.</summary>
    protected int Add(Node node) => Made.Add(Described(node with
    {
        Shape = node.Shape ?? node.Op.Output(node.Inputs.Select(input => Made[input].Shape!).ToArray(), node.Settings),
        Scan = node.Op.LeavesScan ? null : node.Scan ?? ScanOf(node.Inputs),
    }));

    /// <summary>A core node whose shape follows from its inputs'.</summary>
    public int Add(Op op, Settings settings, params int[] inputs) => Add(new Node(op, inputs.ToEquatable(), settings));

    /// <summary>Inside a scan, a step's part of a sequence.</summary>
    public int StepOf(int sequence, Scan scan) =>
        Add(new Node(Registry.StepOf, EquatableArray.Of(sequence), Settings.None) { Scan = scan });

    /// <summary>Inside a scan, a state that begins with a value from outside.</summary>
    protected int Carried(int initial, Scan scan, string? name) =>
        Add(new Node(Registry.Carried, EquatableArray.Of(initial), Settings.Of(("state", states++))) { Scan = scan, Name = name });

    /// <summary>What a state becomes.</summary>
    public int Next(int state, int value) =>
        Add(new Node(Registry.Next, EquatableArray.Of(state, value), Settings.None) { Scan = Made[state].Scan });

    /// <summary>A state after the last step.</summary>
    public int Final(int next) => Add(Registry.Final, Settings.None, next);

    /// <summary>A value of every step, along a new axis 0.</summary>
    public virtual int Stacked(int value, int steps) => Add(Registry.Stacked, Settings.Of(("steps", steps)), value);

    /// <summary>The same elements under another shape, where one of the two has one axis.</summary>
    public int Relabel(int x, Shape shape) => Add(Registry.Relabel, Settings.Of("axes", shape.ToArray()), x);

    /// <summary>An axis of size 1 repeated.</summary>
    protected int Repeat(int x, int axis, int size) => Add(Registry.SpreadAxis, Settings.Of(("axis", axis), ("size", size)), x);
}
