namespace Whence.Gpu;

using ILGPU;
using Whence.Authoring;

/// <summary>Makes scores of each row's multipliers: a thread for each answer, row and element.</summary>
internal readonly struct ScoreRows : IKernel<ScoreArguments>
{
    public static void Run(ScoreArguments p)
    {
        var n = ThisThread.Element;
        if (n >= p.Count)
            return;
        var line = n / p.Size;
        var i = n - line * p.Size;
        var row = line % p.Rows;
        var input = p.Sheet[row * p.Stride + RowSheet.End];
        var factor = 1f;
        if (p.Finish == (int)Finish.TimesDifference)
            factor = Difference(p, input, i);
        if (p.Finish == (int)Finish.TimesInput)
            factor = p.X[input * p.Size + i];
        if (p.Finish == (int)Finish.TimesValue)
            factor = p.Values[row * p.Size + i];
        var m = p.Multipliers[n];
        var times = Twofold.Times(m, factor);
        p.Scores[n] = p.Finish == (int)Finish.None ? m : times;
    }

    // Averaged over the references.
    private static float Difference(in ScoreArguments p, int input, int i)
    {
        var sum = new Twofold(0f, 0f);
        var first = p.IsPerInput != 0 ? input * p.Each : 0;
        for (var r = 0; r < p.Each; r++)
            sum = sum.Plus(Twofold.Move(p.X[input * p.Size + i], p.References[(first + r) * p.Size + i]));
        return sum.Value / p.Each;
    }
}

/// <summary>The mean of each channel's multipliers: a thread for each answer, row and channel.</summary>
internal readonly struct MeanOfChannels : IKernel<ScoreArguments>
{
    public static void Run(ScoreArguments p)
    {
        var n = ThisThread.Element;
        if (n >= p.Count)
            return;
        var sum = new Twofold(0f, 0f);
        for (var i = 0; i < p.Size; i++)
            sum = sum.Plus(p.Multipliers[n * p.Size + i]);
        p.Scores[n] = sum.Value / p.Size;
    }
}

/// <summary>Each channel's mean times its values, summed over channels: a thread for each answer, row and place.</summary>
internal readonly struct SumOfChannels : IKernel<ScoreArguments>
{
    public static void Run(ScoreArguments p)
    {
        var n = ThisThread.Element;
        if (n >= p.Count)
            return;
        var line = n / p.Size;
        var i = n - line * p.Size;
        var row = line % p.Rows;
        var sum = new Twofold(0f, 0f);
        for (var channel = 0; channel < p.Each; channel++)
        {
            var mean = p.Multipliers[line * p.Each + channel];
            sum = sum.Plus(Twofold.Times(mean, p.Values[(row * p.Each + channel) * p.Size + i]));
        }
        var value = sum.Value;
        p.Scores[n] = p.Finish == (int)Finish.PositiveChannelMeans ? value < 0f ? 0f : value : value;
    }
}

/// <summary>Some columns of rows: a thread for each.</summary>
internal readonly struct SomeColumns : IKernel<ScoreArguments>
{
    public static void Run(ScoreArguments p)
    {
        var n = ThisThread.Element;
        if (n >= p.Count)
            return;
        var row = n / p.Size;
        p.Scores[n] = p.Values[row * p.Each + p.Sheet[n - row * p.Size]];
    }
}

/// <summary>
/// How many of some elements next to each other in each row are not finite: a thread for each row.
/// </summary>
internal readonly struct CountNonFinite : IKernel<ScoreArguments>
{
    public static void Run(ScoreArguments p)
    {
        var n = ThisThread.Element;
        if (n >= p.Count)
            return;
        var found = 0f;
        for (var i = 0; i < p.Size; i++)
        {
            var m = p.Multipliers[n * p.Each + p.Skip + i];
            found += m - m == 0f ? 0f : 1f;
        }
        p.Scores[n] = found;
    }
}

internal struct ScoreArguments
{
    /// <summary>[answers, rows, size].</summary>
    public ArrayView<float> Multipliers;

    /// <summary>[rows, size].</summary>
    public ArrayView<float> Values;
    public ArrayView<float> X;
    public ArrayView<float> References;
    public ArrayView<int> Sheet;
    public ArrayView<float> Scores;
    public int Count;
    public int Size;
    public int Rows;
    public int Stride;
    public int Finish;

    /// <summary>References of an input; channels; columns, or elements, of all.</summary>
    public int Each;

    /// <summary>Elements of a row that come before.</summary>
    public int Skip;
    public int IsPerInput;
}
