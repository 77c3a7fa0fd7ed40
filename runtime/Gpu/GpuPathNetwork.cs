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

    PathSizes IPathPasses<float>.PathSizes => host.PathSizes;

    bool IPathPasses<float>.Follows(int from, int to) => host.Follows(from, to);

    void IPathPasses<float>.BeginPaths(ReadOnlySpan<float> x, ReadOnlySpan<float> reference, Span<float> kept, int paths) =>
        Begin(x, reference, kept, paths);

    private void Begin(ReadOnlySpan<float> x, ReadOnlySpan<float> reference, Span<float> kept, int paths)
    {
        var (size, row) = (host.PathSizes.Kept, host.Signature.InputSize);
        if (!TryBegin(x[..(paths * row)], reference[..(paths * row)], kept[..(paths * size)], paths))
        {
            var half = paths / 2;
            Begin(x, reference, kept, half);
            Begin(x[(half * row)..], reference[(half * row)..], kept[(half * size)..], paths - half);
        }
    }

    private bool TryBegin(ReadOnlySpan<float> x, ReadOnlySpan<float> reference, Span<float> kept, int paths)
    {
        var lane = Device.Lanes.Rent();
        try
        {
            var to = lane.Take(kept.Length);
            Programs.PathBegin(Up(lane, x), Up(lane, reference), to, paths);
            to.Write(kept);
            return true;
        }
        catch (OutOfDeviceMemoryException e)
        {
            RequireHalf(e, paths);
            return false;
        }
        finally
        {
            Device.Lanes.Return(lane);
        }
    }

    void IPathPasses<float>.StepPath(ref BackwardArguments<float> arguments) =>
        Backward(arguments, (in BackwardArguments on) => Programs.Path(on));

    void IPathPasses<float>.EndPaths(ReadOnlySpan<double> sums, ReadOnlySpan<float> kept, Span<float> multipliers, int paths) =>
        End(sums, kept, multipliers, paths);

    private void End(ReadOnlySpan<double> sums, ReadOnlySpan<float> kept, Span<float> multipliers, int paths)
    {
        var (size, held, row) = (host.PathSizes.Sums, host.PathSizes.Kept, host.Signature.InputSize);
        if (!TryEnd(sums[..(paths * size)], kept[..(paths * held)], multipliers[..(paths * row)], paths))
        {
            var half = paths / 2;
            End(sums, kept, multipliers, half);
            End(sums[(half * size)..], kept[(half * held)..], multipliers[(half * row)..], paths - half);
        }
    }

    private bool TryEnd(ReadOnlySpan<double> sums, ReadOnlySpan<float> kept, Span<float> multipliers, int paths)
    {
        var lane = Device.Lanes.Rent();
        try
        {
            var to = lane.Take(multipliers.Length);
            Programs.PathEnd(Up(lane, sums, host.PathSizes.Sums), Up(lane, kept), to, paths);
            to.Write(multipliers);
            return true;
        }
        catch (OutOfDeviceMemoryException e)
        {
            RequireHalf(e, paths);
            return false;
        }
        finally
        {
            Device.Lanes.Return(lane);
        }
    }
}
