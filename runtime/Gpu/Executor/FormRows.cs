namespace Whence.Gpu;

using ILGPU;

/// <summary>Forms rows as their descriptors say: a thread for each element.</summary>
internal readonly struct FormRows : IKernel<FormArguments>
{
    public static void Run(FormArguments p)
    {
        var n = ThisThread.Element;
        if (n >= p.Count)
            return;
        var row = n / p.Size;
        var i = n - row * p.Size;
        var d = row * p.Stride;
        var x = p.Ends[p.Sheet[d + p.EndField] * p.Size + i];
        var x0 = p.Starts[p.Sheet[d + p.StartField] * p.Size + i];
        var alpha = p.AlphaField == 0 ? 1f : Interop.IntAsFloat((uint)p.Sheet[d + p.AlphaField]);
        // The ends are exact, and what is the same at both is no number to go part of a way with: a mask may be minus infinity.
        var between = x0 + alpha * (x - x0);
        var value = alpha == 1f | x == x0 ? x : alpha == 0f ? x0 : between;
        value = p.Players > 0 ? Mixed(p, row, i, value, x0) : value;
        p.Y[n] = p.Rank > 0 ? Filled(p, d, i, value, x0) : value;
    }

    // What belongs to no group stays as it is.
    private static float Mixed(in FormArguments p, int row, int i, float value, float x0)
    {
        var player = p.HasGroups != 0 ? p.Sheet[p.Groups + i] : i;
        var known = Math.Max(player, 0);
        var flags = p.Sheet[p.Masks + row * p.Words + known / 32];
        var isAbsent = player >= 0 & ((flags >> (known & 31)) & 1) == 0;
        return isAbsent ? x0 : value;
    }

    private static float Filled(in FormArguments p, int d, int i, float value, float x0)
    {
        var fill = p.Sheet[d + RowSheet.Fill];
        var shape = p.Shapes + p.Sheet[d + RowSheet.Tensor] * (p.Rank + 2);
        var element = i - p.Sheet[shape];
        var isInside = fill != 0 & element >= 0 & element < p.Sheet[shape + 1];
        var rest = Math.Max(element, 0);
        var outside = 0;
        for (var axis = p.Rank - 1; axis >= 0; axis--)
        {
            var size = p.Sheet[shape + 2 + axis];
            var next = rest / size;
            var from = rest - next * size - p.Sheet[d + RowSheet.Box + axis];
            outside += from >= 0 & from < p.Sheet[d + RowSheet.Box + p.Rank + axis] ? 0 : 1;
            rest = next;
        }
        var letter = element == p.Sheet[d + RowSheet.Letter] ? 1f : 0f;
        var filling = fill == RowSheet.FillLetter ? letter : x0;
        return isInside & outside == 0 ? filling : value;
    }
}

internal struct FormArguments
{
    public ArrayView<float> Ends;
    public ArrayView<float> Starts;
    public ArrayView<int> Sheet;
    public ArrayView<float> Y;
    public int Count;
    public int Size;

    /// <summary>From one row's descriptor to the next one's, and where it says which end, which start and which alpha; 0 for 1.</summary>
    public int Stride;
    public int EndField;
    public int StartField;
    public int AlphaField;

    /// <summary>Axes of a box; 0 where none is filled. Where the shapes of the inputs begin.</summary>
    public int Rank;
    public int Shapes;

    /// <summary>Of masked rows; 0 where there are none. Where their flags begin, and how many words a row has of them.</summary>
    public int Players;
    public int Masks;
    public int Words;

    /// <summary>Where the player of each element stands, if they are groups.</summary>
    public int HasGroups;
    public int Groups;
}
