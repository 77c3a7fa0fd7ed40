using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class ResampleTests
{
    private const int Rows = 3;

    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(2, 4, 3)]
    [InlineData(3, 4, 8)]
    [InlineData(1, 4, 37)]
    public void PlacesAreWeightedSumsAndTheWayBackIsTheTranspose(int outer, int axis, int inner)
    {
        var random = new Random(1);
        int[] indices = [3, 0, 1, 1, 0, 3, 2, 2, 0, 1];
        float[] weights = [0.25f, 0.75f, 1, 0, 0.5f, 0.5f, 2, 1, 0.125f, 3];
        var how = new Resampling(2, indices, weights);
        var (x, m) = (Data.Random(random, Rows * outer * axis * inner), Data.Random(random, Rows * outer * 5 * inner));
        var (along, back) = (new double[m.Length], new double[x.Length]);
        for (var i = 0; i < m.Length; i++)
        {
            for (var tap = 0; tap < 2; tap++)
            {
                var place = i / inner % 5 * 2 + tap;
                var from = (i / inner / 5 * axis + indices[place]) * inner + i % inner;
                along[i] += (double)weights[place] * x[from];
                back[from] += (double)weights[place] * m[i];
            }
        }
        var (y, dx) = (Data.Random(random, m.Length), Data.Random(random, x.Length));
        Resample.Along(x, y, Rows, outer, axis, inner, how);
        Data.Close(along, y, "along");
        Resample.Back(m, dx, Rows, outer, axis, inner, how);
        Data.Close(back, dx, "back");
        Data.AllocatesNothing(() => Resample.Along(x, y, Rows, outer, axis, inner, how));
    }

    [Fact]
    public void WithoutWeightsPlacesAreCopies()
    {
        float[] x = [1, 2, 3];
        var y = new float[4];
        Resample.Along(x, y, 1, 1, 3, 1, new Resampling(1, [2, 0, 2, 1], []));
        Assert.Equal([3, 1, 3, 2], y);
    }

    [Fact]
    public void AnIndexOutsideTheAxisIsRefused() => Assert.Equal("how",
        Assert.Throws<ArgumentException>(
            () => Resample.Along(new float[3], new float[1], 1, 1, 3, 1, new Resampling(1, [3], []))).ParamName);
}
