namespace Whence.Gpu.Tests;

using Whence.CompilerServices;

/// <summary>
/// A network's programs on a device as passes over the host's memory, so that each can be held against the host's own: what they are given
/// goes up, what they answer comes down.
/// </summary>
internal sealed class DevicePasses(GpuNetwork on, IHostPasses<float> host) : IPathPasses<float>
{
    private IPathPasses<float> Paths => (IPathPasses<float>)host;

    public Signature Signature => on.Signature;

    public PathSizes PathSizes => Paths.PathSizes;

    public bool Follows(int from, int to) => Paths.Follows(from, to);

    public int KeptSize(Pass pass) => host.KeptSize(pass);

    public void Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows) =>
        ((IModel<float>)on).Forward(x, point, value, rows);

    public string? FirstNonFinite(ReadOnlySpan<float> x) => host.FirstNonFinite(x);

    public Fault? FirstFault(ReadOnlySpan<float> x, bool steep) => host.FirstFault(x, steep);

    public void Keep(Pass pass, ReadOnlySpan<float> reference, Span<float> kept, int rows) =>
        ((IDeviceModel<float>)on).Keep(pass, reference, rows).CopyTo(kept);

    public void Backward(Pass pass, ref BackwardArguments<float> arguments)
    {
        using var call = new Call(on.Device);
        var device = Up(call.Lane, arguments);
        on.Programs.RunBackward(pass, device);
        Down(device, arguments);
    }

    public void BeginPaths(ReadOnlySpan<float> x, ReadOnlySpan<float> reference, Span<float> kept, int paths)
    {
        using var call = new Call(on.Device);
        var begun = call.Lane.Take(kept.Length);
        on.Programs.PathBegin(call.Lane.Up(x), call.Lane.Up(reference), Signature.InputSize, begun, paths);
        begun.Write(kept);
    }

    public void StepPath(ref BackwardArguments<float> arguments)
    {
        using var call = new Call(on.Device);
        var device = Up(call.Lane, arguments);
        on.Programs.Path(device);
        Down(device, arguments);
    }

    public void EndPaths(ReadOnlySpan<double> sums, ReadOnlySpan<float> kept, Span<float> multipliers, int paths)
    {
        using var call = new Call(on.Device);
        var ended = call.Lane.Take(multipliers.Length);
        on.Programs.PathEnd(Up(call.Lane, sums, sums.Length / paths), call.Lane.Up(kept), ended, paths);
        ended.Write(multipliers);
    }

    private BackwardArguments Up(Lane lane, in BackwardArguments<float> host) => new()
    {
        X = lane.Up(host.X), Rows = host.Rows, Kept = lane.Up(host.Kept), ReferenceRows = host.ReferenceRows, From = host.From,
        Seed = lane.Up(host.Seed), SeedRows = host.SeedRows, Answers = host.Answers, To = host.To, InjectAt = host.InjectAt,
        Injected = lane.Up(host.Injected), Alphas = lane.Up(host.Alphas), Weights = lane.Up(Rounded(host.Weights)), Steps = host.Rows,
        Sums = host.Sums.IsEmpty ? default : Up(lane, host.Sums, host.Sums.Length / host.Answers),
        Multipliers = lane.Take(host.Multipliers.Length), NegativeMultipliers = lane.Take(host.NegativeMultipliers.Length),
        PositiveDelta = lane.Take(host.PositiveDelta.Length), NegativeDelta = lane.Take(host.NegativeDelta.Length),
        FromValue = lane.Take(host.FromValue.Length), ToValue = lane.Take(host.ToValue.Length),
    };

    private static void Down(in BackwardArguments device, in BackwardArguments<float> host)
    {
        device.Multipliers.Write(host.Multipliers);
        device.NegativeMultipliers.Write(host.NegativeMultipliers);
        device.PositiveDelta.Write(host.PositiveDelta);
        device.NegativeDelta.Write(host.NegativeDelta);
        device.FromValue.Write(host.FromValue);
        device.ToValue.Write(host.ToValue);
        var (high, low) = (new float[host.Sums.Length], new float[host.Sums.Length]);
        device.Sums.High.Write(high);
        device.Sums.Low.Write(low);
        for (var i = 0; i < high.Length; i++)
            host.Sums[i] = (double)high[i] + low[i];
    }

    private static Sums Up(Lane lane, ReadOnlySpan<double> sums, int row)
    {
        var high = Rounded(sums);
        var low = new float[sums.Length];
        for (var i = 0; i < low.Length; i++)
            low[i] = (float)(sums[i] - high[i]);
        return new Sums(lane.Up(high), lane.Up(low), row);
    }

    private static float[] Rounded(ReadOnlySpan<double> numbers) => Array.ConvertAll(numbers.ToArray(), each => (float)each);

    private readonly struct Call(GpuDevice device) : IDisposable
    {
        public Lane Lane { get; } = device.Lanes.Rent();

        public void Dispose() => device.Lanes.Return(Lane);
    }
}
