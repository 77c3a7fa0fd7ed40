using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>
/// An operator that Forward can name: what it is called, what shape it gives, what it complains of, what weights it owns, and what
/// it is made of in core operators. One stateless instance each, listed in <see cref="Registry"/>.
/// </summary>
internal abstract class Op
{
    /// <summary>The name of the function in Nn, or of the layer attribute, or the operator's symbol.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>How many tensors it takes; -1 for any number from one.</summary>
    public virtual int Arity => 1;

    /// <summary>Whether it takes so many tensors.</summary>
    public virtual bool Takes(int count) => count == Arity || Arity < 0 && count > 0;

    /// <summary>How many tensors a layer returns; several are one value, one after the other along axis 0 in parts of one size.</summary>
    public virtual int Results => 1;

    /// <summary>Whether it is made of a scan, and so cannot stand in one.</summary>
    public virtual bool Scans => false;

    /// <summary>Whether it stands outside of the scan whose value it reads.</summary>
    public virtual bool LeavesScan => false;

    /// <summary>
    /// Whether it only takes, repeats, orders and joins positions along axis 0, each as it is: what Forward can do to tokens before they
    /// are embedded.
    /// </summary>
    public virtual bool MovesTokens(Settings settings) => false;

    /// <summary>
    /// Why these shapes and settings do not fit, in words that follow the operator's name ("takes [channels, height, width], not [784]");
    /// null if they do.
    /// </summary>
    public virtual string? Complain(IReadOnlyList<Shape> inputs, Settings settings) => null;

    /// <summary>The complaint of an axis that a value does not have.</summary>
    protected static string NoAxis(int axis, Shape x) => x.Rank == 0
        ? $"has no axis {axis} in {x}, a scalar"
        : $"has no axis {axis} in {x}; axes count from 0 to {x.Rank - 1}";

    /// <summary>The result's shape; called only if there is no complaint.</summary>
    public abstract Shape Output(IReadOnlyList<Shape> inputs, Settings settings);

    /// <summary>The weights a layer owns, in the order in which the eager function takes them.</summary>
    public virtual IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) => [];

    /// <summary>What else it makes on its way that may be larger than its inputs and its result.</summary>
    public virtual IEnumerable<Shape> Within(IReadOnlyList<Shape> inputs, Settings settings) => [];

    /// <summary>
    /// What it does along the axis of its inputs that has a variable number of positions: <paramref name="axes"/> says which, -1 for an
    /// input that has none. Where it takes the mask, the node's last input is the mask of the positions that were declared, and its setting
    /// "positions" says what of it is about its own (<see cref="Mask"/>).
    /// </summary>
    public virtual Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) => Positions.Mixed;

    /// <summary>Writes it in core operators; returns the core node that holds its value.</summary>
    public virtual int Expand(Expansion x) => x.Add(this, x.Node.Settings, x.Inputs);

    /// <summary>What it takes to be shown and tested, without its author writing a test.</summary>
    public virtual IEnumerable<Example> Examples => [];

    public override string ToString() => Name;
}

/// <summary>What an operator does along a first axis whose number of positions varies.</summary>
internal enum Positions
{
    /// <summary>It mixes positions, so that those past the end would count: it is refused.</summary>
    Mixed,

    /// <summary>Each position by itself, and each in the same way.</summary>
    Apart,

    /// <summary>It takes the mask to leave out what is past the end; what it gives has no positions.</summary>
    Gathered,

    /// <summary>It takes the mask to leave out what is past the end, and gives a value for each position.</summary>
    Weighed,

    /// <summary>
    /// It takes the first position alone, as BERT's class token, which is always there: no sequence is empty, nor leaves a window none.
    /// What it gives has no positions.
    /// </summary>
    First,
}

/// <summary>
/// What an operator does along an axis whose number of positions varies, and the axis of what it gives. Its position i is there where
/// position <paramref name="Step"/> i + <paramref name="First"/> of the input's is, or none is asked for.
/// </summary>
internal readonly record struct Along(Positions Positions, int Axis = 0, int Step = 1, int First = 0)
{
    public static implicit operator Along(Positions positions) => new(positions);

    /// <summary>Each position by itself, along an axis.</summary>
    public static Along Apart(int axis) => new(Positions.Apart, axis);

    /// <summary>
    /// Each position by itself, along the same axis as all inputs that vary; refused on a condition or where the axes differ.
    /// </summary>
    public static Along Same(IReadOnlyList<int> axes, bool isApart = true) =>
        isApart && axes.Where(axis => axis >= 0).Distinct().ToList() is [var axis] ? Apart(axis) : Positions.Mixed;

    /// <summary>Of one that takes some places of an axis: along another each position by itself, of this the first; else refused.</summary>
    public static Along Taken(IReadOnlyList<int> axes, int axis, bool isFirst) =>
        axis != axes[0] ? Same(axes) : isFirst ? Positions.First : Positions.Mixed;
}

/// <summary>A setting of an operator worth testing.</summary>
internal sealed record Example(EquatableArray<Shape> Inputs, Settings Settings);
