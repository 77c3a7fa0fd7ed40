namespace Whence.CompilerServices;

using System.ComponentModel;

/// <summary>
/// A network that can integrate its gradient along a straight path exactly, where the value that is asked about is linear but for kinks.
/// Every method is safe to call from many threads at once. Implemented by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IExactPaths<T> : IHostPasses<T> where T : unmanaged
{
    /// <summary>Whether a point's value is linear in the inputs but for kinks.</summary>
    bool IsPiecewiseLinear(int point);

    /// <summary>Integrates the gradient of a weighted sum of such a point's units along one path.</summary>
    ExactIntegral IntegratePath(in ExactPath<T> path);
}

/// <summary>One straight path, from a reference (alpha = 0) to an input (alpha = 1), and what is integrated along it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct ExactPath<T> where T : unmanaged
{
    /// <summary>[InputSize]: the input.</summary>
    public ReadOnlySpan<T> X;
    /// <summary>[InputSize]: the reference.</summary>
    public ReadOnlySpan<T> Reference;
    /// <summary>The point whose units are explained.</summary>
    public int From;
    /// <summary>[size of From]: the weight of each unit.</summary>
    public ReadOnlySpan<T> Seed;
    /// <summary>The most multiply-adds that it may take, in forward passes of the network.</summary>
    public double MostPasses;
    /// <summary>Ends it.</summary>
    public CancellationToken Cancellation;
    /// <summary>In and out, [InputSize]: to what the integral times x - x0 is added, if it is finished.</summary>
    public Span<double> Scores;
}

/// <summary>How an integral along a path went.</summary>
/// <param name="IsFinished">Whether it took no more than was allowed; else nothing was added to the scores.</param>
/// <param name="Kinks">How many kinks the path passes, between which the gradient is constant.</param>
/// <param name="Passes">The multiply-adds that it took, in forward passes of the network.</param>
/// <param name="Blur">
/// How much of the integral rounding may have moved from one side of a kink to the other: of each kink, how far off its value may be on the
/// straight line to it, times what the kink changes of the target's derivative by it.
/// </param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ExactIntegral(bool IsFinished, int Kinks, double Passes, double Blur);
