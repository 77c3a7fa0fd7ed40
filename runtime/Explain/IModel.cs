namespace Whence;

using Whence.CompilerServices;

/// <summary>
/// A compiled network as it can be asked, whatever device answers: the class compiled for the host in single precision, the tests'
/// interpreter in double. Every method is safe to call from many threads at once. Rows are independent: no bit of a row's answer depends
/// on the other rows. Implemented by generated code; callers use the methods of <see cref="Explainers"/>.
/// </summary>
public interface IModel<T> where T : unmanaged
{
    /// <summary>Names and shapes.</summary>
    Signature Signature { get; }

    /// <summary>
    /// The forward pass over at most ChunkRows rows, up to one point; the value [rows, size of point] in the user's axis order.
    /// </summary>
    /// <param name="x">[rows, InputSize].</param>
    /// <param name="point">An index into <see cref="Signature.Points"/>, or -1 for a full output row: all outputs one after the
    /// other.</param>
    /// <param name="value">[rows, size].</param>
    /// <param name="rows">How many rows.</param>
    void Forward(ReadOnlySpan<T> x, int point, Span<T> value, int rows);

    /// <summary>The name of the first operator whose value is not finite in the forward pass of this one row, or null.</summary>
    string? FirstNonFinite(ReadOnlySpan<T> x);

    /// <summary>
    /// The first value that is not finite in the forward pass of this one row; or, if <paramref name="steep"/>, the first that is finite
    /// but at which a function's slope is infinite, and reaches further than a zero slope below it. Null if there is none.
    /// </summary>
    Fault? FirstFault(ReadOnlySpan<T> x, bool steep) => steep || FirstNonFinite(x) is not { } name ? null : new Fault(name, [], double.NaN);

    /// <summary>
    /// The value in the forward pass of one row from which the target has its infinity or NaN, or at which a function between the target
    /// and where scores are asked for is infinitely steep. Null if there is none, and of a network that cannot tell.
    /// </summary>
    Fault? FirstFault(in FaultSearch<T> search) =>
        search.At < 0 && search.Sought is (Sought.NonFinite or Sought.Steep)
            ? FirstFault(search.X, steep: search.Sought == Sought.Steep)
            : null;
}

/// <summary>A compiled network.</summary>
public interface INetwork : IModel<float>;
