namespace Whence.Gpu;

using Whence.CompilerServices;

/// <summary>Every program of a network once, from wherever it may begin and to wherever it may end.</summary>
internal readonly struct EveryProgram(GpuNetwork net, CancellationToken cancellation = default) : IDeviceCall
{
    private const int Examples = 2;

    public int Rows => Examples;

    public void Run(Lane lane)
    {
        var signature = net.Signature;
        var x = lane.Take(Examples * signature.InputSize);
        for (var point = -1; point < signature.Points.Count; point++)
            Forward(lane, x, point);
        foreach (var pass in signature.Passes)
        {
            var kept = lane.Take(Examples * net.KeptSize(pass));
            if (!kept.IsEmpty)
                net.Programs.Keep(pass, x, kept, Examples);
            Backward(lane, pass, x, kept);
        }
        if (net.Paths is { } paths && paths.Follows(0, -1))
            Paths(lane, paths, x);
    }

    private void Next()
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(net.Device.IsDisposed, net.Device);
    }

    private void Forward(Lane lane, Rows x, int point)
    {
        Next();
        var mark = lane.Mark;
        net.Programs.RunForward(x, point, lane.Take(Examples * Size(net.Signature, point, net.Signature.OutputSize)), Examples);
        lane.Release(mark);
    }

    private void Backward(Lane lane, Pass pass, Rows x, Rows kept)
    {
        for (var point = -1; point < net.Signature.Points.Count; point++)
        {
            if (point >= 0 && net.Signature.Points[point].Kind != PointKind.Layer)
                continue;
            for (var output = 0; output < 2 * net.Signature.Outputs.Count; output++)
                Backward(lane, pass, x, kept, from: output, to: point, injectAt: -1);
            if (point < 0)
                continue;
            Backward(lane, pass, x, kept, from: 0, to: point, injectAt: point);
            Backward(lane, pass, x, kept, from: point, to: -1, injectAt: -1);
        }
    }

    private void Backward(Lane lane, Pass pass, Rows x, Rows kept, int from, int to, int injectAt)
    {
        Next();
        var mark = lane.Mark;
        var signature = net.Signature;
        var (seed, size) = (Size(signature, from, 0), Examples * Size(signature, to, signature.InputSize));
        var arguments = new BackwardArguments
        {
            X = x, Rows = Examples, Kept = kept, ReferenceRows = Examples, From = from, Seed = lane.Take(seed), SeedRows = 1, Answers = 1,
            To = to, InjectAt = injectAt, Injected = injectAt < 0 ? default : lane.Take(size), Steps = Examples,
            Multipliers = lane.Take(size), NegativeMultipliers = lane.Take(size), FromValue = lane.Take(Examples * seed),
        };
        if (to >= 0)
        {
            arguments.ToValue = lane.Take(size);
            if (!kept.IsEmpty)
                (arguments.PositiveDelta, arguments.NegativeDelta) = (lane.Take(size), lane.Take(size));
        }
        net.Programs.RunBackward(pass, arguments);
        lane.Release(mark);
    }

    private void Paths(Lane lane, IPathPasses<float> paths, Rows x)
    {
        const int steps = 8;
        net.Programs.Paths(new PathArguments
        {
            X = x, References = lane.Take(net.Signature.InputSize), ReferenceRows = 1, Alphas = lane.Take(steps),
            Weights = lane.Take(steps), Steps = steps, Pairs = Examples, From = 0, Seed = lane.Take(Size(net.Signature, 0, 0)),
            SeedRows = 1, Answers = 1, Sizes = paths.PathSizes, Multipliers = lane.Take(Examples * net.Signature.InputSize),
        });
    }

    private static int Size(Signature signature, int point, int ofAll) => point < 0 ? ofAll : Sizes.Of(signature.Points[point].Shape);
}

/// <summary>The same, to compile what it would launch, and what the executor launches beside it.</summary>
internal readonly struct KernelsOfEveryProgram(GpuNetwork net, CancellationToken cancellation) : IDeviceCall
{
    public int Rows => 1;

    public void Run(Lane lane)
    {
        lane.CompilesOnly = true;
        try
        {
            DeviceExecutor.Prepare(net.Device.Kernels);
            new EveryProgram(net, cancellation).Run(lane);
        }
        finally
        {
            lane.CompilesOnly = false;
        }
    }
}
