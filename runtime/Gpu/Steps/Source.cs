namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// An operand as a kernel sees it: element i of row r, step s of path p, is at r * Row + p * Path + s * Step + i * Each.
/// </summary>
internal struct Source
{
    public ArrayView<float> View;
    public int Row;
    public int Path;
    public int Step;

    /// <summary>1, or 0 where a row has one number for all its elements.</summary>
    public int Each;

    public Source(Operand operand) =>
        (View, Row, Path, Step, Each) =
            (operand.View, operand.Stride.Each, operand.Stride.Path, operand.Stride.Step, operand.IsNumber ? 0 : 1);

    /// <summary>Where a row begins.</summary>
    public readonly int Begin(int row, int path, int step) => row * Row + path * Path + step * Step;

    /// <summary>An element of the row that begins there.</summary>
    public readonly float At(int begin, int place) => View[begin + place * Each];

    /// <summary>Four neighbours of the row that begins there, where rows lie in fours.</summary>
    public readonly Float4 Four(int begin, int place)
    {
        // The same for all threads.
        if (Each == 0)
        {
            var one = View[begin];
            return new(one, one, one, one);
        }
        return View.Cast<Float4>()[(begin + place) / 4];
    }
}
