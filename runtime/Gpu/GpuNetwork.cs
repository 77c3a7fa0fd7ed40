namespace Whence.Gpu;

using System.Collections.Concurrent;
using System.ComponentModel;
using Whence.Authoring;
using Whence.CompilerServices;

/// <summary>
/// A compiled network on a device: every explainer asks it as it asks the network itself. Safe to call from many threads at once, each of
/// which has a stream and memory of its own. What is not finite is looked for on the CPU.
/// </summary>
public abstract class GpuNetwork : INetwork, IHostPasses<float>, IDeviceModel<float>
{
    private readonly Signature signature;

    /// <summary>Made by generated code.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected GpuNetwork(GpuDevice device, INetwork host, GpuPrograms programs)
    {
        ArgumentNullException.ThrowIfNull(device);
        (Device, Host, Programs) = (device, host, programs);
        signature = host.Signature.WithChunks(device.ChunkRows(programs.RowSize));
    }

    /// <summary>Where it runs.</summary>
    public GpuDevice Device { get; }

    /// <summary>The network on the CPU.</summary>
    protected INetwork Host { get; }

    private IHostPasses<float> Passes => (IHostPasses<float>)Host;

    internal GpuPrograms Programs { get; }

    /// <summary>Names and shapes, and what was compiled.</summary>
    public Signature Signature => signature;

    /// <summary>What is known of paths; null where nothing is.</summary>
    internal virtual IPathPasses<float>? Paths => null;

    /// <summary>Executors that no job has.</summary>
    internal ConcurrentBag<DeviceExecutor> Executors { get; } = [];

    bool IDeviceModel<float>.TakesAnswers => true;

    IExecutor<float> IDeviceModel<float>.Rent(in Recipe recipe, in Job<float> job, Placement placement)
    {
        if (!Executors.TryTake(out var executor))
            executor = new DeviceExecutor(this);
        executor.Begin(recipe, job, placement);
        return executor;
    }

    /// <summary>
    /// Compiles the kernels of all that the network can be asked, on another thread; those that it has not compiled by then are compiled
    /// when they are first run. Once a process and device.
    /// </summary>
    /// <param name="cancellation">Ends it before its next pass.</param>
    /// <exception cref="GpuException">The device refuses one; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The device was disposed of.</exception>
    public Task CompileKernelsAsync(CancellationToken cancellation = default) =>
        Task.Run(() => Device.Fits(new KernelsOfEveryProgram(this, cancellation)), cancellation);

    internal int KeptSize(Pass pass) => Passes.KeptSize(pass);

    void IModel<float>.Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows)
    {
        var size = point < 0 ? signature.OutputSize : Sizes.Of(signature.Points[point].Shape);
        Device.Ask(new RowCall(rows, value[..(rows * size)], (on, _, _, to, count) => Programs.Forward(on, point, to, count))
        {
            First = x[..(rows * signature.InputSize)],
        });
    }

    int IHostPasses<float>.KeptSize(Pass pass) => Passes.KeptSize(pass);

    void IHostPasses<float>.Keep(Pass pass, ReadOnlySpan<float> reference, Span<float> kept, int rows)
    {
        var size = Passes.KeptSize(pass);
        if (size == 0)
            return;
        Device.Ask(new RowCall(rows, kept[..(rows * size)], (on, _, _, to, count) => Programs.Keep(pass, on, to, count))
        {
            First = reference[..(rows * signature.InputSize)],
        });
    }

    void IHostPasses<float>.Backward(Pass pass, ref BackwardArguments<float> arguments) =>
        Backward(arguments, (in BackwardArguments on) => Programs.Backward(pass, on));

    private protected delegate void BackwardProgram(in BackwardArguments arguments);

    private protected void Backward(scoped in BackwardArguments<float> arguments, BackwardProgram program)
    {
        if (Device.Fits(new BackwardCall(this, arguments, program)))
            return;
        if (arguments.Answers > 1)
        {
            for (var answer = 0; answer < arguments.Answers; answer++)
                Backward(arguments.Of(answer), program);
        }
        else
        {
            var half = arguments.Rows / 2;
            Backward(Part(arguments, 0, half), program);
            Backward(Part(arguments, half, arguments.Rows - half), program);
        }
    }

    private readonly ref struct BackwardCall(GpuNetwork net, BackwardArguments<float> arguments, BackwardProgram program) : IDeviceCall
    {
        private readonly BackwardArguments<float> arguments = arguments;

        public int Rows => arguments.Rows * arguments.Answers;

        public void Run(Lane lane)
        {
            var on = net.Up(lane, arguments);
            program(on);
            Down(on, arguments);
        }
    }

    private BackwardArguments Up(Lane lane, scoped in BackwardArguments<float> arguments)
    {
        var from = Sizes.Of(signature.Points[arguments.From].Shape);
        var to = arguments.To < 0 ? signature.InputSize : Sizes.Of(signature.Points[arguments.To].Shape);
        var all = arguments.Answers * arguments.Rows * to;
        var (x, seed, kept, injected) =
            (lane.Up(arguments.X), lane.Up(arguments.Seed), lane.Up(arguments.Kept), lane.Up(arguments.Injected));
        var (alphas, weights) = (lane.Up(arguments.Alphas), lane.Rounded(arguments.Weights));
        return new BackwardArguments
        {
            X = x, Rows = arguments.Rows, Kept = kept, ReferenceRows = arguments.ReferenceRows, From = arguments.From, Seed = seed,
            SeedRows = arguments.SeedRows, Answers = arguments.Answers, To = arguments.To, InjectAt = arguments.InjectAt,
            Injected = injected, Alphas = alphas, Weights = weights,
            Sums = UpSums(lane, arguments), Steps = arguments.Rows,
            Multipliers = Like(lane, arguments.Multipliers, all),
            NegativeMultipliers = Like(lane, arguments.NegativeMultipliers, all),
            PositiveDelta = Like(lane, arguments.PositiveDelta, arguments.Rows * to),
            NegativeDelta = Like(lane, arguments.NegativeDelta, arguments.Rows * to),
            FromValue = Like(lane, arguments.FromValue, arguments.Rows * from),
            ToValue = Like(lane, arguments.ToValue, arguments.Rows * to),
        };
    }

    private static void Down(in BackwardArguments on, scoped in BackwardArguments<float> arguments)
    {
        Down(on.PositiveDelta, arguments.PositiveDelta);
        Down(on.NegativeDelta, arguments.NegativeDelta);
        Down(on.FromValue, arguments.FromValue);
        Down(on.ToValue, arguments.ToValue);
        for (var answer = 0; answer < arguments.Answers; answer++)
        {
            var from = on.Of(answer);
            var to = arguments.Of(answer);
            Down(from.Multipliers, to.Multipliers);
            Down(from.NegativeMultipliers, to.NegativeMultipliers);
            Down(from.Sums, to.Sums);
        }
    }

    // The sums of all answers, one after the other.
    private static Sums UpSums(Lane lane, scoped in BackwardArguments<float> arguments)
    {
        if (arguments.Sums.IsEmpty)
            return default;
        var row = arguments.Of(0).Sums.Length;
        var all = new double[arguments.Answers * row];
        for (var answer = 0; answer < arguments.Answers; answer++)
            arguments.Of(answer).Sums.CopyTo(all.AsSpan(answer * row));
        return lane.Up(all, row);
    }

    private static void Down(Rows from, Span<float> to)
    {
        if (!to.IsEmpty)
            from.Write(to[..from.Length]);
    }

    private static void Down(Sums from, Span<double> to)
    {
        if (to.IsEmpty)
            return;
        var (high, low) = (new float[to.Length], new float[to.Length]);
        from.High.Write(high);
        from.Low.Write(low);
        for (var i = 0; i < to.Length; i++)
            to[i] = (double)high[i] + low[i];
    }

    private static Rows Like(Lane lane, Span<float> to, int floats) => to.IsEmpty ? default : lane.Take(floats);

    // Some rows of a walk.
    private BackwardArguments<float> Part(scoped in BackwardArguments<float> arguments, int first, int rows)
    {
        var from = Sizes.Of(signature.Points[arguments.From].Shape);
        var to = arguments.To < 0 ? signature.InputSize : Sizes.Of(signature.Points[arguments.To].Shape);
        var injected = arguments.InjectAt < 0 ? 0 : Sizes.Of(signature.Points[arguments.InjectAt].Shape);
        var isShared = arguments.ReferenceRows == 1 || arguments.Kept.IsEmpty;
        return arguments with
        {
            Rows = rows,
            X = Slice(arguments.X, first, rows, signature.InputSize),
            Kept = isShared ? arguments.Kept : Slice(arguments.Kept, first, rows, arguments.Kept.Length / arguments.ReferenceRows),
            ReferenceRows = arguments.ReferenceRows == 1 ? 1 : rows,
            Seed = arguments.SeedRows == 1 ? arguments.Seed : Slice(arguments.Seed, first, rows, from),
            SeedRows = arguments.SeedRows == 1 ? 1 : rows,
            Injected = Slice(arguments.Injected, first, rows, injected),
            Alphas = Slice(arguments.Alphas, first, rows, 1),
            Weights = arguments.Weights.IsEmpty ? default : arguments.Weights.Slice(first, rows),
            Multipliers = Slice(arguments.Multipliers, first, rows, to),
            NegativeMultipliers = Slice(arguments.NegativeMultipliers, first, rows, to),
            PositiveDelta = Slice(arguments.PositiveDelta, first, rows, to),
            NegativeDelta = Slice(arguments.NegativeDelta, first, rows, to),
            FromValue = Slice(arguments.FromValue, first, rows, from),
            ToValue = Slice(arguments.ToValue, first, rows, to),
        };
    }

    private static ReadOnlySpan<float> Slice(ReadOnlySpan<float> all, int first, int rows, int size) =>
        all.IsEmpty ? all : all.Slice(first * size, rows * size);

    private static Span<float> Slice(Span<float> all, int first, int rows, int size) =>
        all.IsEmpty ? all : all.Slice(first * size, rows * size);

    string? IModel<float>.FirstNonFinite(ReadOnlySpan<float> x) => Host.FirstNonFinite(x);

    Fault? IModel<float>.FirstFault(ReadOnlySpan<float> x, bool steep) => Host.FirstFault(x, steep);

    Fault? IModel<float>.FirstFault(in FaultSearch<float> search) => Host.FirstFault(search);
}
