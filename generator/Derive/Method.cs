using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>How multipliers go back through each family of operators. "at" is the forward node; "m" the multipliers at its value.</summary>
internal abstract class Method
{
    /// <summary>The pass's name in the runtime.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it compares with a reference.</summary>
    public virtual bool HasReference => false;

    /// <summary>Back through a linear operator to one of its inputs.</summary>
    public virtual Multipliers Linear(Site at, LinearOp op, int input, Multipliers m) => op.Transpose(at.Graph, at.Id, input, m.Positive);

    /// <summary>Back through an activation.</summary>
    public abstract Multipliers Elementwise(Site at, ElementwiseOp op, Multipliers m);

    /// <summary>Back through a product to the factor at <paramref name="input"/>.</summary>
    public abstract Multipliers Product(Site at, int input, Multipliers m);

    /// <summary>Back through a matrix product to the factor at <paramref name="input"/>.</summary>
    public abstract Multipliers MatrixProduct(Site at, int input, Multipliers m);

    /// <summary>Back through a max-pool, or through the largest of a Maxout's pieces.</summary>
    public abstract Multipliers Choice(Site at, Multipliers m);

    /// <summary>Back through log(sum(exp)).</summary>
    public abstract Multipliers LogSumExp(Site at, Multipliers m);

    /// <summary>Back through z - log(sum(exp(z))), the logarithms of a softmax's shares.</summary>
    public abstract Multipliers LogSoftmax(Site at, Multipliers m);

    /// <summary>Back through a softmax taken as if elementwise, to z (input 0) or to the logarithms of its shares (input 1).</summary>
    public abstract Multipliers? Softmax(Site at, int input, Multipliers m);

    /// <summary>One multiplier of two that may differ, where the split of differences into parts restarts.</summary>
    public virtual int Single(Site at, Multipliers m) => m.Positive;

    /// <summary>The parts of a value's difference from its reference; null without a reference.</summary>
    public virtual Parts? PartsOf(Site at) => null;

    /// <summary>(a + b) / 2, also where a + b is beyond what a float holds.</summary>
    public static Expr Mean(Expr a, Expr b) => 0.5 * a + 0.5 * b;

    /// <summary>exp(z).</summary>
    public static Expr Exp(Expr z) => new Apply(Functions.Exp, Part.Value, EquatableArray.Of(z));

    /// <summary>(exp(z) - exp(z0)) / (z - z0).</summary>
    public static Expr ExpSecant(Expr z, Expr z0) => new Apply(Functions.Exp, Part.Secant, EquatableArray.Of(z, z0, Exp(z), Exp(z0)));
}
