using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>How a flow goes back through each family of operators. "at" is the forward node; "m" the flow at its value.</summary>
internal abstract class Method
{
    /// <summary>The flow's name in the runtime.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it compares with a reference.</summary>
    public virtual bool HasReference => false;

    /// <summary>Back through a linear operator to one of its inputs.</summary>
    public virtual Flow Linear(Site at, LinearOp op, int input, Flow m) => op.Transpose(at.Graph, at.Id, input, m.Positive);

    /// <summary>Back through an activation.</summary>
    public abstract Flow Elementwise(Site at, ElementwiseOp op, Flow m);

    /// <summary>Back through a product to the factor at <paramref name="input"/>.</summary>
    public abstract Flow Product(Site at, int input, Flow m);

    /// <summary>Back through a matrix product to the factor at <paramref name="input"/>.</summary>
    public abstract Flow MatrixProduct(Site at, int input, Flow m);

    /// <summary>Back through a max-pool, or through the largest of a Maxout's pieces.</summary>
    public abstract Flow Choice(Site at, Flow m);

    /// <summary>Back through log(sum(exp)).</summary>
    public abstract Flow LogSumExp(Site at, Flow m);

    /// <summary>Whether <see cref="LogShares"/> is to take a flow back through a sum; what is of no softmax is linear.</summary>
    public virtual bool IsOfShares(Site at, Flow m) => !m.Parted && Shares.AreLogs(at);

    /// <summary>Back through z - log(sum(exp(z))) to z (input 0); nothing is left for the logarithm of the sum (input 1).</summary>
    public abstract Flow? LogShares(Site at, int input, Flow m);

    /// <summary>Back through a softmax taken as if elementwise, to z (input 0) or to the logarithm of the sum (input 1).</summary>
    public abstract Flow? Softmax(Site at, int input, Flow m);

    /// <summary>One multiplier of a flow that may have two, where the split of differences into parts restarts.</summary>
    public virtual int Single(Site at, Flow m) => m.Positive;

    /// <summary>The parts of a value's difference from its reference; null without a reference.</summary>
    public virtual Parts? PartsOf(Site at) => null;
}
