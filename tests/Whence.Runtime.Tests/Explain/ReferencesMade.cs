namespace Whence.Runtime.Tests.Explaining;

/// <summary>References are made of whatever holds numbers, in single or double precision, without saying which.</summary>
public sealed class ReferencesMade
{
    [Fact]
    public void OfArraysSpansAndListsInPlace()
    {
        float[] single = [1, 2];
        double[] twice = [1, 2];
        Span<float> writable = [1, 2];
        ReadOnlySpan<double> readable = [1, 2];
        Same(References.One(single), 1, false);
        Same(References.One(twice), 1, false);
        Same(References.One(writable), 1, false);
        Same(References.One(readable), 1, false);
        Same(References.One([1f, 2f]), 1, false);
        // Whole numbers are single, as a network is.
        References<float> whole = References.One([1, 2]);
        Same(whole, 1, false);
        References<double> fractions = References.PerInput([1.0, 2.0]);
        Same(fractions, 1, true);
        Same(References.PerInput(single), 1, true);
        Same(References.Several(single, 2), 2, false);
        Same(References.Several([1, 2], 2), 2, false);
        Same(References.SeveralPerInput(twice, 2), 2, true);
    }

    [Fact]
    public void OfATensorRoundedToSinglePrecision()
    {
        Assert.Equal([0.1f, 2f, 3f, 4f], References.One(Tensor.From(new Shape(2, 2), 0.1, 2, 3, 4)).Rows.ToArray());
        Assert.Throws<ArgumentNullException>(() => References.One((Tensor)null!).Each);
    }

    [Fact]
    public void OfNumbersOfATypeToBeSaidLater()
    {
        Same(Mine<float>([1, 2]), 1, false);
        Same(Mine<double>([1, 2]), 1, false);
    }

    private static References<T> Mine<T>(T[] row)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => References.One<T>(row);

    private static void Same<T>(References<T> references, int each, bool isPerInput)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal([T.One, T.One + T.One], references.Rows.ToArray());
        Assert.Equal((each, isPerInput, true), (references.Each, references.IsPerInput, references.IsGiven));
    }
}
