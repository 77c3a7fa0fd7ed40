namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>A compiled network on a device that knows what changes along a path.</summary>
public abstract class GpuPathNetwork : GpuNetwork, IPathPasses<float>
{
    private readonly IPathPasses<float> host;

    /// <summary>Made by generated code.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected GpuPathNetwork(GpuDevice device, INetwork host, GpuPrograms programs)
        : base(device, host, programs) => this.host = (IPathPasses<float>)host;

    internal override IPathPasses<float>? Paths => host;

    PathSizes IPathPasses<float>.PathSizes => host.PathSizes;

    bool IPathPasses<float>.Follows(int from, int to) => host.Follows(from, to);

    void IPathPasses<float>.BeginPaths(ReadOnlySpan<float> x, ReadOnlySpan<float> reference, Span<float> kept, int paths) => Device.Ask(
        new RowCall(paths, kept[..(paths * host.PathSizes.Kept)], (on, from, _, to, count) => Programs.PathBegin(on, from, to, count))
        {
            First = x[..(paths * host.Signature.InputSize)], Second = reference[..(paths * host.Signature.InputSize)],
        });

    void IPathPasses<float>.StepPath(ref BackwardArguments<float> arguments) =>
        Backward(arguments, (in BackwardArguments on) => Programs.Path(on));

    void IPathPasses<float>.EndPaths(ReadOnlySpan<double> sums, ReadOnlySpan<float> kept, Span<float> multipliers, int paths) => Device.Ask(
        new RowCall(paths, multipliers[..(paths * host.Signature.InputSize)],
            (held, _, summed, to, count) => Programs.PathEnd(summed, held, to, count))
        {
            First = kept[..(paths * host.PathSizes.Kept)], Sums = sums[..(paths * host.PathSizes.Sums)],
        });
}
