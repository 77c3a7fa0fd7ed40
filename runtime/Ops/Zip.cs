namespace Whence;

public static partial class Nn
{
    /// <summary>
    /// The parts along axis 0 of two tensors side by side: <c>foreach (var (word, mark) in Zip(words, marks))</c> goes over both, and
    /// compiled is one scan.
    /// </summary>
    /// <exception cref="ArgumentException">One is a scalar, or has more parts than the other.</exception>
    public static IEnumerable<(Tensor First, Tensor Second)> Zip(Tensor first, Tensor second)
    {
        Zipped(first, second);
        return Parts(first).Zip(Parts(second));
    }

    /// <summary>The parts along axis 0 of three tensors side by side.</summary>
    /// <exception cref="ArgumentException">One is a scalar, or has more parts than another.</exception>
    public static IEnumerable<(Tensor First, Tensor Second, Tensor Third)> Zip(Tensor first, Tensor second, Tensor third)
    {
        Zipped(first, second, third);
        return Parts(first).Zip(Parts(second), Parts(third));
    }

    private static void Zipped(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var x in tensors)
        {
            Expect.Axis(x, 0, nameof(Zip));
            if (x.Shape[0] != tensors[0].Shape[0])
                throw Expect.Refusal(
                    $"{nameof(Zip)} takes tensors of one size along axis 0, but was given {tensors[0].Shape} and {x.Shape}.");
        }
    }
}
