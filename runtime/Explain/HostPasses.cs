namespace Whence.CompilerServices;

using System.ComponentModel;

/// <summary>
/// A model whose passes run on the host, over spans: the compiled class over float, the tests' double-precision interpreter over double.
/// What more a question takes, placing rows and summing their multipliers, the runtime does for it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IHostPasses<T> : IModel<T> where T : unmanaged
{
    /// <summary>How many elements <see cref="Keep"/> keeps a row for a pass; 0 for passes without a reference.</summary>
    int KeptSize(Pass pass);

    /// <summary>The reference's forward pass: what a backward pass needs of it. At most ChunkRows rows.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="reference">[rows, InputSize].</param>
    /// <param name="kept">Out, [rows, KeptSize].</param>
    /// <param name="rows">How many rows.</param>
    void Keep(Pass pass, ReadOnlySpan<T> reference, Span<T> kept, int rows);

    /// <summary>One backward pass.</summary>
    void Backward(Pass pass, ref BackwardArguments<T> arguments);

    /// <summary>Forward passes of rows that differ little from an input; null of a network where they would save nothing.</summary>
    ILocalPasses<T>? Local => null;
}

/// <summary>
/// One backward pass over a chunk of rows: the forward pass on x, then the multipliers of a weighted sum of one point's units,
/// back to the inputs or to another point.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct BackwardArguments<T> where T : unmanaged
{
    /// <summary>[Rows, InputSize]: the inputs, in the user's axis order.</summary>
    public ReadOnlySpan<T> X;
    /// <summary>How many rows; at most <see cref="Signature.ChunkRows"/>.</summary>
    public int Rows;
    /// <summary>
    /// What <see cref="IHostPasses{T}.Keep"/> kept of the reference's forward pass; [ReferenceRows, KeptSize]. Empty for passes without a
    /// reference.
    /// </summary>
    public ReadOnlySpan<T> Kept;
    /// <summary>1 (one reference for every row) or Rows.</summary>
    public int ReferenceRows;
    /// <summary>The point whose units are explained.</summary>
    public int From;
    /// <summary>
    /// [Answers, Rows, size of From] or, if SeedRows is 1, [Answers, 1, size of From], one row for all: the weight of each unit.
    /// </summary>
    public ReadOnlySpan<T> Seed;
    /// <summary>1 or Rows.</summary>
    public int SeedRows;
    /// <summary>
    /// How many answers the rows get, each of a seed of its own, 1 unless set. They share the forward pass, and have the bits of backward
    /// passes of their own.
    /// </summary>
    public int Answers { readonly get => more + 1; set => more = value - 1; }
    /// <summary>From one answer's multipliers to the next one's; 0 if they lie one after the other.</summary>
    public int AnswerStride;
    /// <summary>From one answer's sums to the next one's; 0 if they lie one after the other.</summary>
    public int SumStride;
    /// <summary>The point where the backward pass ends, or -1 for the inputs.</summary>
    public int To;
    /// <summary>A point whose computed value is replaced by Injected before the forward pass goes on from it, or -1.</summary>
    public int InjectAt;
    /// <summary>[Rows, size of InjectAt]; empty if InjectAt is -1.</summary>
    public ReadOnlySpan<T> Injected;
    /// <summary>
    /// Of <see cref="IPathPasses{T}.StepPath"/>, [Rows]: how far along the path each row lies, 0 at the reference and 1 at the input.
    /// </summary>
    public ReadOnlySpan<T> Alphas;
    /// <summary>
    /// Of <see cref="IPathPasses{T}.StepPath"/> to the inputs, [Rows]: what each row's multipliers are multiplied by in the sum. Of one
    /// answer also [n, Rows], for n sums that lie SumStride apart: of one way back, each by its own weights.
    /// </summary>
    public ReadOnlySpan<double> Weights;

    /// <summary>In and out, [Answers, <see cref="PathSizes.Sums"/>]: to what the rows' multipliers are added, in their order.</summary>
    public Span<double> Sums;
    /// <summary>Out, [Answers, Rows, size of To]: the multipliers (of the positive part, where the parts differ).</summary>
    public Span<T> Multipliers;
    /// <summary>
    /// Out, [Answers, Rows, size of To] or empty: the multipliers of the negative part; the same as Multipliers except in passes with
    /// RevealCancel.
    /// </summary>
    public Span<T> NegativeMultipliers;
    /// <summary>
    /// Out, [Rows, size of To] or empty: the positive part of To's difference from the reference. Only for passes with a reference.
    /// </summary>
    public Span<T> PositiveDelta;
    /// <summary>
    /// Out, [Rows, size of To] or empty: the negative part of To's difference from the reference. Only for passes with a reference.
    /// </summary>
    public Span<T> NegativeDelta;
    /// <summary>Out, [Rows, size of From] or empty: From's value.</summary>
    public Span<T> FromValue;
    /// <summary>Out, [Rows, size of To] or empty: To's value (for To = -1 the input itself is not copied).</summary>
    public Span<T> ToValue;

    /// <summary>
    /// The point which is given its value and where the pass ends, so that nothing need be computed of what is only below it; -1 if there
    /// is none, or the value of <see cref="From"/> is wanted too.
    /// </summary>
    public readonly int StandsAt => InjectAt == To && FromValue.IsEmpty ? InjectAt : -1;

    // So that the default is one answer.
    private int more;

    /// <summary>The backward pass of one of the answers.</summary>
    public readonly BackwardArguments<T> Of(int answer)
    {
        if (Answers == 1)
            return this;
        var one = this;
        one.Answers = 1;
        one.Seed = Seed.Slice(answer * (Seed.Length / Answers), Seed.Length / Answers);
        one.Multipliers = Part(Multipliers, answer, AnswerStride);
        one.NegativeMultipliers = Part(NegativeMultipliers, answer, AnswerStride);
        one.Sums = Part(Sums, answer, SumStride);
        return one;
    }

    private readonly Span<TElement> Part<TElement>(Span<TElement> all, int answer, int stride)
    {
        if (all.IsEmpty)
            return all;
        stride = stride == 0 ? all.Length / Answers : stride;
        return all.Slice(answer * stride, all.Length - (Answers - 1) * stride);
    }
}
