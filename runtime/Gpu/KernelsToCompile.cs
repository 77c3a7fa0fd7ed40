namespace Whence.Gpu;

using ILGPU.Runtime;
using Whence.CompilerServices;

/// <summary>Goes through a network's programs as questions do, but launches nothing.</summary>
internal sealed class KernelsToCompile(GpuNetwork net)
{
    private readonly Signature signature = net.Signature;

    public void Compile(CancellationToken cancellation)
    {
        var lane = net.Device.Lanes.Rent();
        lane.CompilesOnly = true;
        try
        {
            DeviceExecutor.Prepare(net.Device.Kernels);
            for (var point = -1; point < signature.Points.Count; point++)
            {
                Next(cancellation);
                net.Programs.Forward(lane.Take(signature.InputSize), point, lane.Take(SizeOf(point, signature.OutputSize)), 1);
            }
            foreach (var pass in signature.Passes)
                Compile(lane, pass, cancellation);
            if (net.Paths is { } paths && paths.Follows(0, -1))
                Compile(lane, paths);
        }
        catch (OutOfDeviceMemoryException e)
        {
            throw new GpuException($"Not even one example fits into the device's memory. {e.Message}", e);
        }
        catch (AcceleratorException e)
        {
            throw DriverError.Told(net.Device, e);
        }
        finally
        {
            lane.CompilesOnly = false;
            net.Device.Lanes.Return(lane);
        }
    }

    private void Next(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(net.Device.IsDisposed, net.Device);
    }

    private int SizeOf(int point, int otherwise) => point < 0 ? otherwise : Sizes.Of(signature.Points[point].Shape);

    // From each output to the inputs and to each layer.
    private void Compile(Lane lane, Pass pass, CancellationToken cancellation)
    {
        var (kept, compares) = (lane.Take(net.KeptSize(pass)), Layout.Compares(pass));
        if (!kept.IsEmpty)
            net.Programs.Keep(pass, lane.Take(signature.InputSize), kept, 1);
        for (var from = 0; from < 2 * signature.Outputs.Count; from++)
        {
            for (var to = -1; to < signature.Points.Count; to++)
            {
                if (to >= 0 && signature.Points[to].Kind != PointKind.Layer)
                    continue;
                Next(cancellation);
                var mark = lane.Mark;
                Rows Taken(bool isTaken) => isTaken ? lane.Take(SizeOf(to, signature.InputSize)) : default;
                net.Programs.Backward(pass, new BackwardArguments
                {
                    X = lane.Take(signature.InputSize), Rows = 1, Kept = kept, ReferenceRows = 1, From = from, To = to, InjectAt = -1,
                    Answers = 1, Seed = lane.Take(SizeOf(from, 0)), SeedRows = 1, Multipliers = Taken(true),
                    NegativeMultipliers = Taken(compares), PositiveDelta = Taken(compares && to >= 0),
                    NegativeDelta = Taken(compares && to >= 0), FromValue = lane.Take(SizeOf(from, 0)), ToValue = Taken(to >= 0),
                });
                lane.Release(mark);
            }
        }
    }

    private void Compile(Lane lane, IPathPasses<float> paths) => net.Programs.Paths(new PathArguments
    {
        X = lane.Take(signature.InputSize), References = lane.Take(signature.InputSize), ReferenceRows = 1, Alphas = lane.Take(1),
        Weights = lane.Take(1), Steps = 1, Pairs = 1, From = 0, Seed = lane.Take(SizeOf(0, 0)), SeedRows = 1, Answers = 1,
        Sizes = paths.PathSizes, Multipliers = lane.Take(signature.InputSize),
    });
}
