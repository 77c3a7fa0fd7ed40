using System.Numerics;
using Whence.Authoring;
using Whence.CompilerServices;

namespace Whence.Networks.Tests.Backends;

/// <summary>
/// A model on a device that is only far: its executor has memory of its own, goes row by row, and hands back what is due when it is waited
/// for, not before.
/// </summary>
internal sealed class FarModel<T>(IHostPasses<T> net) : IDeviceModel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool TakesAnswers => false;

    public T[] Keep(Pass pass, ReadOnlySpan<T> references, int count) => [];

    public Signature Signature => net.Signature;

    public void Forward(ReadOnlySpan<T> x, int point, Span<T> value, int rows) => net.Forward(x, point, value, rows);

    public string? FirstNonFinite(ReadOnlySpan<T> x) => net.FirstNonFinite(x);

    public Fault? FirstFault(ReadOnlySpan<T> x, bool steep) => net.FirstFault(x, steep);

    public IExecutor<T> Rent(in Recipe recipe, in Job<T> job, Placement placement) => new FarExecutor<T>(net, recipe, job);
}
