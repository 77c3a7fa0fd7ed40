using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

/// <summary>Weights that are packed while others are read, or when they are first needed, are those that are packed at once.</summary>
public sealed class PackingTests
{
    private static readonly Window window =
        new() { Channels = 6, Height = 9, Width = 11, Filters = 21, KernelHeight = 3, KernelWidth = 2, PadHeight = 1, Groups = 3 };

    private static readonly Shape filters = new(21, 2, 3, 2);
    private static readonly Shape matrix = new(37, 50);

    private static LayerTensors Read(string name, Shape shape) => LayerTensors.Read(Weights.Random(4), [name], shape, bias: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Filters_are_those_that_are_packed_at_once(bool isAbsolute)
    {
        var packing = new Packing();
        var tensors = isAbsolute ? Read("conv", filters).Absolute() : Read("conv", filters);
        var (there, back) = (packing.Pack(tensors, window), packing.PackTransposed(tensors, window));
        packing.Finish();
        Assert.Equal(Answers(Filters.Pack(tensors.Weight, window)), Answers(there));
        Assert.Equal(Answers(Filters.PackTransposed(tensors.Weight, window)), Answers(back));
        Assert.Equal(Filters.Pack(tensors.Weight, window).Unpack(), there.Unpack());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_matrix_is_the_one_that_is_packed_at_once(bool isAbsolute)
    {
        var packing = new Packing();
        var tensors = (isAbsolute ? Read("fc", matrix).Absolute() : Read("fc", matrix)).Reordered(5, 1);
        var (there, back) = (packing.Pack(tensors, 37, 50), packing.PackTransposed(tensors, 37, 50));
        packing.Finish();
        Assert.Equal(Answers(Matrix.Pack(tensors.Weight, 37, 50)), Answers(there));
        Assert.Equal(Answers(Matrix.PackTransposed(tensors.Weight, 37, 50)), Answers(back));
    }

    [Fact]
    public void Many_threads_that_need_them_first_get_the_same()
    {
        for (var round = 0; round < 20; round++)
        {
            var packing = new Packing();
            var tensors = Read("fc", matrix);
            var backs = Enumerable.Range(0, 8).Select(_ => packing.PackTransposed(tensors, 37, 50)).ToList();
            packing.Finish();
            var expected = Answers(Matrix.PackTransposed(tensors.Weight, 37, 50));
            Parallel.For(0, 64, i => Assert.Equal(expected, Answers(backs[i % 8])));
        }
    }

    [Fact]
    public void What_only_the_way_back_needs_takes_no_memory_until_then()
    {
        var packing = new Packing();
        var tensors = LayerTensors.Read(Weights.Random(4), ["fc"], new Shape(1000, 2000), bias: false);
        _ = tensors.Signed;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var back = packing.PackTransposed(tensors, 1000, 2000);
        packing.Finish();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(2000, Answers(back).Length);
    }

    private static float[] Answers(Filters filters)
    {
        var x = Plain.Values(2, 2 * filters.Inputs).Select(value => (float)value).ToArray();
        var y = new float[2 * filters.Outputs];
        Convolve.Affine(x, filters, [], y, 2);
        return y;
    }

    private static float[] Answers(Matrix matrix)
    {
        var x = Plain.Values(2, matrix.Inputs).Select(value => (float)value).ToArray();
        var y = new float[matrix.Outputs];
        MatMul.Affine(x, matrix, [], y, 1);
        return y;
    }
}
