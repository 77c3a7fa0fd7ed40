namespace Whence.CompilerServices;

using System.ComponentModel;

/// <summary>What the backward passes along one path keep.</summary>
/// <param name="Kept">Elements that are the same at all steps of a path.</param>
/// <param name="Sums">Elements of the multipliers that are summed over its steps.</param>
/// <param name="IsSteep">Whether a slope may be infinite where a path begins or ends.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct PathSizes(int Kept, int Sums, bool IsSteep);

/// <summary>
/// A network that knows what changes along the path from a reference to an input, x0 + alpha (x - x0). What is linear in alpha is computed
/// once a path, before its steps and after them; only the rest runs at every step. The sums are those of
/// <see cref="IHostPasses{T}.Backward"/> by the gradient at each step's x, but for rounding. Every method is safe to call from many threads
/// at once; no bit depends on how many rows a call has. Implemented by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPathPasses<T> : IHostPasses<T> where T : unmanaged
{
    /// <summary>How much a path keeps.</summary>
    PathSizes PathSizes { get; }

    /// <summary>
    /// Whether steps can go from one point to another, or to the inputs (-1): not where one of them is linear in alpha, and has no value at
    /// a step.
    /// </summary>
    bool Follows(int from, int to);

    /// <summary>Before the steps of at most ChunkRows paths.</summary>
    /// <param name="x">Where the paths end; [paths, InputSize].</param>
    /// <param name="reference">Where they begin, inputs held fixed as x has them; [paths, InputSize].</param>
    /// <param name="kept">Out, [paths, Kept].</param>
    /// <param name="paths">How many paths.</param>
    void BeginPaths(ReadOnlySpan<T> x, ReadOnlySpan<T> reference, Span<T> kept, int paths);

    /// <summary>
    /// Some steps of one path: <see cref="BackwardArguments{T}.Rows"/> and <see cref="BackwardArguments{T}.Alphas"/> say which,
    /// <see cref="BackwardArguments{T}.Kept"/> has what <see cref="BeginPaths"/> kept. A backward pass to the inputs adds to
    /// <see cref="BackwardArguments{T}.Sums"/>, one to a point writes its rows as <see cref="IHostPasses{T}.Backward"/> does. There is no
    /// X, and nothing is injected.
    /// </summary>
    void StepPath(ref BackwardArguments<T> arguments);

    /// <summary>After the steps of at most ChunkRows paths: the inputs' multipliers, summed over the steps.</summary>
    /// <param name="sums">[paths, Sums].</param>
    /// <param name="kept">[paths, Kept].</param>
    /// <param name="multipliers">Out, [paths, InputSize].</param>
    /// <param name="paths">How many paths.</param>
    void EndPaths(ReadOnlySpan<double> sums, ReadOnlySpan<T> kept, Span<T> multipliers, int paths);
}
