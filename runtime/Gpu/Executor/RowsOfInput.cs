namespace Whence.Gpu;

/// <summary>
/// What a thread of a fold goes through: a chunk's rows of one input, for one answer and one element of its scores. The input may have had
/// rows in chunks before, and have some in chunks after.
/// </summary>
internal readonly struct RowsOfInput
{
    private readonly int each;

    /// <param name="thread">[answers, inputs, size]: which.</param>
    /// <param name="size">Elements of an input's scores.</param>
    /// <param name="inputs">Inputs of the chunk.</param>
    /// <param name="each">Rows of an input.</param>
    /// <param name="before">How many of the first input's rows came before.</param>
    /// <param name="rows">Rows of the chunk.</param>
    public RowsOfInput(int thread, int size, int inputs, int each, int before, int rows)
    {
        this.each = each;
        var line = thread / size;
        Element = thread - line * size;
        Answer = line / inputs;
        Input = line - Answer * inputs;
        First = Input * each - before;
        End = Math.Min(First + each, rows);
        Carried = Answer * size + Element;
    }

    public readonly int Answer;
    public readonly int Input;
    public readonly int Element;

    /// <summary>The input's first row, less than 0 where that came before.</summary>
    public readonly int First;

    /// <summary>The end of its rows in the chunk.</summary>
    public readonly int End;

    /// <summary>Where what it has so far lies among what is carried from chunk to chunk.</summary>
    public readonly int Carried;

    /// <summary>Its first row in the chunk.</summary>
    public int Begin => Math.Max(First, 0);

    /// <summary>Whether some of its rows came before.</summary>
    public bool IsOpen => First < 0;

    /// <summary>Whether its last row is in the chunk.</summary>
    public bool Ends => End == First + each;
}
