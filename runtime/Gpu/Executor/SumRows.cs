namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// Folds rows into the sums of their pairs, and those into the scores of their inputs: a thread for each answer, input and element goes
/// through the input's rows in their order. What an input that is under way has so far is carried from one chunk to the next.
/// </summary>
internal readonly struct SumRows : IKernel<SumRowsArguments>
{
    public static void Run(SumRowsArguments p)
    {
        var n = ThisThread.Element;
        if (n >= p.Count)
            return;
        var here = new RowsOfInput(n, p.Size, p.Inputs, p.RowsEach, p.Before, p.Rows);
        var (i, first, carried) = (here.Element, here.First, here.Carried);
        var sum = Twofold.Carried(p.Carried, carried, p.Plane, 0, here.IsOpen);
        var total = Twofold.Carried(p.Carried, carried, p.Plane, 2, here.IsOpen);
        var last = Twofold.Read(p.Carried, carried + 4 * p.Plane, here.IsOpen);
        var lastValue = Twofold.Read(p.Carried, carried + 5 * p.Plane, here.IsOpen);
        var multipliers = here.Answer * p.Calls * p.Rows * p.Size + i;
        var unit = here.Answer * p.Rows * p.NeuronSize + p.Unit;
        for (var row = here.Begin; row < here.End;)
        {
            var pair = (row - first) / p.RowsPerPair;
            var begin = first + pair * p.RowsPerPair;
            var stop = Math.Min(begin + p.RowsPerPair, here.End);
            var isNew = row == begin;
            var at = here.Input * p.PairsEach + pair - p.PairsBefore;
            var began = p.IsPieces != 0 ? p.Starts[at * p.Size + i] : 0f;
            lastValue = isNew ? began : lastValue;
            last = isNew ? 0f : last;
            sum = sum.Unless(isNew);
            for (; row < stop; row++)
            {
                var m = p.Multipliers[multipliers + row * p.Size];
                var value = p.HasValues != 0 ? p.Values[row * p.Size + i] : 0f;
                var weight = p.HasWeights != 0 ? Interop.IntAsFloat((uint)p.Sheet[row * p.Stride + RowSheet.Weight]) : 1f;
                var through = p.NeuronSize > 0 ? weight * p.Middle[unit + row * p.NeuronSize] : weight;
                var factor = p.IsPieces != 0 | p.HasValues == 0 ? m : last;
                sum = sum.Plus(Twofold.Times(factor, p.HasValues != 0 ? Twofold.Move(value, lastValue) : through));
                for (var call = 1; call < p.Calls; call++)
                {
                    through = weight * p.Middle[unit + row * p.NeuronSize + call * (p.NeuronSize / p.Calls)];
                    sum = sum.Plus(Twofold.Times(p.Multipliers[multipliers + (call * p.Rows + row) * p.Size], through));
                }
                (last, lastValue) = (m, value);
            }
            var isDone = stop == begin + p.RowsPerPair;
            total = total.PlusTimes(sum, Difference(p, at, i), isDone);
        }
        if (here.Ends)
        {
            p.Scores[n] = total.Value / p.PairsEach;
        }
        else
        {
            sum.Write(p.After, carried, p.Plane, 0);
            total.Write(p.After, carried, p.Plane, 2);
            p.After[carried + 4 * p.Plane] = last;
            p.After[carried + 5 * p.Plane] = lastValue;
        }
    }

    private static float Difference(in SumRowsArguments p, int at, int i)
    {
        var pair = p.FirstPair + at;
        var end = p.HasDifference != 0 ? p.Ends[pair / p.EndDivide * p.Size + i] : 1f;
        var start = p.HasDifference != 0 ? p.From[pair % p.StartModulo * p.StartTimes * p.Size + i] : 0f;
        return Twofold.Move(end, start);
    }
}

internal struct SumRowsArguments
{
    /// <summary>[answers, calls, rows, size].</summary>
    public ArrayView<float> Multipliers;

    /// <summary>[rows, size], of sums over moves.</summary>
    public ArrayView<float> Values;

    /// <summary>[pairs, size], of pieces.</summary>
    public ArrayView<float> Starts;

    /// <summary>[answers, rows, neuron size].</summary>
    public ArrayView<float> Middle;
    public ArrayView<int> Sheet;

    /// <summary>Where pairs end and where they start.</summary>
    public ArrayView<float> Ends;
    public ArrayView<float> From;

    /// <summary>[6, answers, size]: sum, total, each twofold, last multiplier and value.</summary>
    public ArrayView<float> Carried;
    public ArrayView<float> After;

    /// <summary>[answers, inputs, size].</summary>
    public ArrayView<float> Scores;

    public int Count;
    public int Size;
    public int Inputs;
    public int Rows;

    /// <summary>Rows of an input and of a pair; how many of the first input's rows and pairs come before.</summary>
    public int RowsEach;
    public int RowsPerPair;
    public int PairsEach;
    public int Before;
    public int PairsBefore;
    public int Plane;
    public int Stride;
    public int HasWeights;
    public int HasValues;
    public int IsPieces;
    public int NeuronSize;
    public int Unit;

    /// <summary>Of a neuron the calls of its layer, over which it is summed; else 1.</summary>
    public int Calls;

    /// <summary>Where a pair's end and start lie: the place of the chunk's first pair, and what it is divided by.</summary>
    public int HasDifference;
    public int FirstPair;
    public int EndDivide;
    public int StartModulo;
    public int StartTimes;
}
