namespace Whence.Gpu;

using System.ComponentModel;

/// <summary>What a group that carries paths does beside the network's steps. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GroupPath
{
    /// <summary>
    /// The alphas and the weights of as many steps as there are rows, from <paramref name="first"/> on; beyond the last step its alpha
    /// again, and a weight of 0.
    /// </summary>
    public static void Load(in WholeArguments p, int first, Tile alphas, Tile weights)
    {
        for (var row = ThisGroup.Thread; row < alphas.Pitch; row += ThisGroup.Threads)
        {
            var step = Math.Min(first + row, p.Steps - 1);
            alphas[row] = p.Alphas.View[step];
            var weight = p.StepWeights.View[step];
            weights[row] = first + row < p.Steps ? weight : 0f;
        }
    }

    /// <summary>Zeros of so many sums.</summary>
    public static void Clear(Tile high, Tile low, int size)
    {
        for (var i = ThisGroup.Thread; i < size; i += ThisGroup.Threads)
        {
            high[i] = 0f;
            low[i] = 0f;
        }
    }

    /// <summary>
    /// sums[offset + i] += weights[row] x[i, row] for every row, in order; a weight of 0 adds nothing. What rounding takes is kept beside
    /// each sum.
    /// </summary>
    public static void Add(Tile high, Tile low, int offset, Tile weights, Tile x, int size)
    {
        for (var i = ThisGroup.Thread; i < size; i += ThisGroup.Threads)
        {
            var sum = new Twofold(high[offset + i], low[offset + i]);
            for (var row = 0; row < weights.Pitch; row++)
                sum = sum.PlusWeighted(weights[row], x.At(i, row));
            high[offset + i] = sum.High;
            low[offset + i] = sum.Low;
        }
    }

    /// <summary>y[i] = sums[offset + i], rounded once.</summary>
    public static void Sum(Tile high, Tile low, int offset, Tile y, int size)
    {
        for (var i = ThisGroup.Thread; i < size; i += ThisGroup.Threads)
            y[i] = high[offset + i] + low[offset + i];
    }

    /// <summary>y = coming, and the seed added where the way back begins here. The seed is in the user's order.</summary>
    public static void Seed(Tile y, Tile coming, Tile seed, bool isHere, int size, int channels)
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var value = coming.At(place, n - place * y.Pitch);
            if (isHere)
                value += seed.At(Turned(place, size, channels), n - place * y.Pitch);
            y[n] = value;
        }
    }

    /// <summary>y = the seed where the way back begins here, else 0.</summary>
    public static void Seed(Tile y, Tile seed, bool isHere, int size, int channels)
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var value = 0f;
            if (isHere)
                value = seed.At(Turned(place, size, channels), n - place * y.Pitch);
            y[n] = value;
        }
    }

    /// <summary>Writes a row in the user's order.</summary>
    public static void Out(Tile value, Rows to, int offset, int size, int channels)
    {
        for (var i = ThisGroup.Thread; i < size; i += ThisGroup.Threads)
            to.View[offset + Turned(i, size, channels)] = value[i];
    }

    /// <summary>Writes zeros.</summary>
    public static void None(Rows to, int offset, int size)
    {
        for (var i = ThisGroup.Thread; i < size; i += ThisGroup.Threads)
            to.View[offset + i] = 0f;
    }

    // From [positions][channels] to the user's [channels][positions].
    private static int Turned(int place, int size, int channels)
    {
        var position = place / channels;
        return (place - position * channels) * (size / channels) + position;
    }
}
