namespace Whence.Runtime.Tests.Kernels;

/// <summary>Numbers to run kernels on, and the laws that every kernel keeps.</summary>
internal static class Data
{
    public delegate void Kernel(ReadOnlySpan<float> x, Span<float> y, int rows);

    public static float[] Random(Random random, int length)
    {
        var numbers = new float[length];
        for (var i = 0; i < length; i++)
            numbers[i] = (float)(random.NextDouble() * 4 - 2);
        return numbers;
    }

    /// <summary>Numbers of few values, so that there are ties.</summary>
    public static float[] Ties(Random random, int length)
    {
        var numbers = new float[length];
        for (var i = 0; i < length; i++)
            numbers[i] = random.Next(-2, 3) * 0.5f;
        return numbers;
    }

    /// <summary>A row has the same bits alone, in batches of every size and in another order.</summary>
    public static void RowsAreIndependent(Random random, int inputSize, int outputSize, Kernel kernel)
    {
        const int Most = 257;
        var x = Random(random, Most * inputSize);
        var alone = new float[Most * outputSize];
        for (var r = 0; r < Most; r++)
            kernel(x.AsSpan(r * inputSize, inputSize), alone.AsSpan(r * outputSize, outputSize), 1);
        foreach (var rows in new[] { 1, 2, 11, 12, 13, Most })
        {
            var order = Enumerable.Range(0, rows).ToArray();
            random.Shuffle(order);
            var permuted = order.SelectMany(r => x.AsSpan(r * inputSize, inputSize).ToArray()).ToArray();
            var y = new float[rows * outputSize];
            kernel(permuted, y, rows);
            for (var r = 0; r < rows; r++)
                Assert.True(Bits(alone, order[r], outputSize).SequenceEqual(Bits(y, r, outputSize)),
                    $"row {order[r]} differs at place {r} of {rows}");
        }
    }

    public static void AllocatesNothing(Action action) => Assert.Equal(0, Allocated.By(action));

    public static void Close(double[] expected, float[] found, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - found[i]) <= 2e-6 * (1 + Math.Abs(expected[i]))) && !expected[i].Equals(found[i]))
                Assert.Fail($"{what}: at {i} is {found[i]} and should be {expected[i]}");
        }
    }

    private static ReadOnlySpan<int> Bits(float[] values, int row, int size) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(values.AsSpan(row * size, size));
}
