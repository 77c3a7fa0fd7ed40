namespace Whence;

using System.Numerics;
using Whence.Authoring;
using Whence.CompilerServices;

/// <summary>
/// The line between a question and the device that answers it. On this side are methods, quadratures, references, checks, completeness and
/// errors, the same for every device; on the other side an executor, which has begun one job: it keeps its inputs, references and seeds
/// where it computes, forms rows there as they are specified, asks the network about them, and folds the answers, as the recipe says, into
/// sums in double that outlive a chunk. What comes back are scores and, where they are asked for, the target at rows; no row does.
/// </summary>
/// <remarks>
/// No bit of an input's answer may depend on the chunks that its rows come in, on other inputs, or on the thread. Memory comes from a pool
/// or an arena, and goes back to it with <see cref="IDisposable.Dispose"/>. Drivers are generic over the executor, so that it may be a
/// struct on the stack, whose calls are bound when the driver is compiled (<see cref="HostExecutor{T}"/>), or a class
/// (<see cref="IDeviceModel{T}"/>).
/// </remarks>
internal interface IExecutor<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most rows that one call of <see cref="Run"/> takes.</summary>
    int ChunkRows { get; }

    /// <summary>
    /// The most pairs that one call of <see cref="RunPairs"/> takes; 0 where it is given rows. Of recipes that sum over the rows of all
    /// pairs alike.
    /// </summary>
    int ChunkPairs { get; }

    /// <summary>
    /// Places rows, asks the network about them, and folds the answers in the rows' order. A chunk may begin and end amid a pair. The
    /// device may still be at work when this returns.
    /// </summary>
    /// <param name="first">How many rows of the job came before.</param>
    /// <param name="rows">At most <see cref="ChunkRows"/>; they stay as they are until <see cref="Wait"/> or the next call.</param>
    /// <param name="masks">Of masked recipes, [rows, players].</param>
    void Run(long first, ReadOnlySpan<RowSpec> rows, ReadOnlySpan<bool> masks);

    /// <summary>The same of all rows of some pairs.</summary>
    /// <param name="first">How many pairs of the job came before.</param>
    /// <param name="pairs">At most <see cref="ChunkPairs"/>.</param>
    /// <param name="rows">Those of one pair, which are those of all.</param>
    void RunPairs(int first, int pairs, ReadOnlySpan<RowSpec> rows);

    /// <summary>
    /// Waits for all that was run: the scores of <see cref="Fold.PerRow"/>'s rows, and of inputs none of whose rows are still to come, then
    /// lie in the job's memory, and the members below tell of them.
    /// </summary>
    void Wait();

    /// <summary>
    /// An answer's target at an input all of whose rows were run; of <see cref="Fold.Outcomes"/>, any of whose rows.
    /// </summary>
    Weighed Output(int answer, int input);

    /// <summary>
    /// An answer's target at an input's references, averaged; <see cref="Weighed.None"/> where the recipe has no use for it.
    /// </summary>
    Weighed ReferenceOutput(int answer, int input);

    /// <summary>An answer's target at a row of the last chunk. Of <see cref="Fold.PerRow"/>.</summary>
    Weighed RowOutput(int answer, int row);

    /// <summary>An answer's target at a row of the last chunk. Of <see cref="Fold.Values"/> and <see cref="Fold.Outcomes"/>.</summary>
    double Outcome(int answer, int row);
}

/// <summary>A model that answers on a device of its own.</summary>
internal interface IDeviceModel<T> : IModel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether a job may have several answers for each input.</summary>
    bool TakesAnswers { get; }

    /// <summary>What integrates along paths exactly, on the host; null where nothing does.</summary>
    IExactPaths<T>? ExactPaths => this as IExactPaths<T>;

    /// <summary>
    /// What a pass needs of the references' forward passes, [count, ...], for jobs whose references were prepared; empty where an executor
    /// makes it itself.
    /// </summary>
    T[] Keep(Pass pass, ReadOnlySpan<T> references, int count);

    /// <summary>
    /// An executor that has begun a job, from a pool of the device's; disposing of it gives it back. Safe to call from many threads at
    /// once. Recipe and job stay where they are, and what the job points to pinned, until then.
    /// </summary>
    IExecutor<T> Rent(in Recipe recipe, in Job<T> job, Placement placement);
}

/// <summary>What is known of all rows of a recipe before they come, so that an executor can do with less than placing each.</summary>
internal enum Placement
{
    /// <summary>They lie anywhere.</summary>
    Anywhere,
    /// <summary>There is one a pair, the input itself.</summary>
    AtInput,
    /// <summary>They lie on the straight path from their pair's reference to its input, but not at its ends.</summary>
    OnPath,
    /// <summary>The same, some at its ends.</summary>
    OnPathAndItsEnds,
}
