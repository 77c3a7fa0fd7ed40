namespace Whence.Gpu;

using System.ComponentModel;

/// <summary>
/// A network's compiled programs for a device. They run on the lane of the call that is under way. Implemented by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GpuPrograms
{
    /// <summary>The most floats that any program needs for a row.</summary>
    public abstract int RowSize { get; }

    /// <summary>The forward pass; reads out one point, or all outputs if point is negative.</summary>
    public abstract void Forward(Rows x, int point, Rows value, int rows);

    /// <summary>The forward pass in one launch, of a network that has a kernel for it; false where it has none for this.</summary>
    public virtual bool ForwardAtOnce(Rows x, int point, Rows value, int rows) => false;

    /// <summary>One walk back in one launch an answer, likewise.</summary>
    public virtual bool BackwardAtOnce(Pass pass, in BackwardArguments arguments) => false;

    /// <summary>The forward pass by the kernels that suit the device: where a thread computes by itself, those of single steps.</summary>
    internal void RunForward(Rows x, int point, Rows value, int rows)
    {
        if (!Lane.Current.Device.HasGroups || !ForwardAtOnce(x, point, value, rows))
            Forward(x, point, value, rows);
    }

    /// <summary>One walk back likewise.</summary>
    internal void RunBackward(Pass pass, in BackwardArguments arguments)
    {
        if (!Lane.Current.Device.HasGroups || !BackwardAtOnce(pass, in arguments))
            Backward(pass, in arguments);
    }

    /// <summary>A reference's forward pass.</summary>
    public abstract void Keep(Pass pass, Rows reference, Rows kept, int rows);

    /// <summary>One walk back.</summary>
    public abstract void Backward(Pass pass, in BackwardArguments arguments);

    /// <summary>Before the steps of paths, whose references lie so far apart; 0 where one serves all.</summary>
    public virtual void PathBegin(Rows x, Rows reference, int referenceRow, Rows kept, int rows) => throw new NotSupportedException();

    /// <summary>Some steps of paths, back to the sums; no point's value is read out.</summary>
    public virtual void Path(in BackwardArguments arguments) => throw new NotSupportedException();

    /// <summary>After the steps of paths.</summary>
    public virtual void PathEnd(Sums sums, Rows kept, Rows multipliers, int rows) => throw new NotSupportedException();

    /// <summary>
    /// Whole paths, as many as one wants; here by the three above, as many at a time as the device has memory for. A network that has a
    /// kernel for them does it in one launch an answer. Their bits depend neither on how many they are nor on each other.
    /// </summary>
    public virtual void Paths(in PathArguments arguments) => PathBlocks.Run(this, arguments);
}
