namespace Whence.CompilerServices;

/// <summary>
/// The places of the input that one output looks at: a box of rows and columns, from <paramref name="start"/> on, in floats.
/// At each place lie the channels, side by side.
/// </summary>
internal readonly struct Places(int start, int rows, int rowStep, int columns, int columnStep)
{
    /// <summary>An axis of <paramref name="count"/> places, from the start on.</summary>
    public Places(int count, int step)
        : this(0, 1, 0, count, step)
    {
    }

    public int Start => start;

    public int Rows => rows;

    public int RowStep => rowStep;

    public int Columns => columns;

    public int ColumnStep => columnStep;
}
