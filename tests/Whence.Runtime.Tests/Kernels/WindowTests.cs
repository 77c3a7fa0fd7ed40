using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class WindowTests
{
    [Fact]
    public void Sizes_are_those_of_PyTorch()
    {
        var window = new Window
        {
            Channels = 3, Height = 224, Width = 224, Filters = 64, KernelHeight = 7, KernelWidth = 7, StrideHeight = 2, StrideWidth = 2,
            PadHeight = 3, PadWidth = 3,
        };
        Assert.Equal((112, 112), (window.OutHeight, window.OutWidth));
        Assert.Equal((3 * 224 * 224, 64 * 112 * 112), (window.InputSize, window.OutputSize));
    }

    [Fact]
    public void In_ceil_mode_a_partial_window_counts()
    {
        var pool = new Window
        {
            Channels = 64, Height = 112, Width = 112, KernelHeight = 3, KernelWidth = 3, StrideHeight = 2, StrideWidth = 2,
            Ceil = true,
        };
        Assert.Equal((56, 56), (pool.OutHeight, pool.OutWidth));
        Assert.Equal(55, (pool with { Ceil = false }).OutWidth);
    }

    [Fact]
    public void A_pool_has_as_many_channels_after_as_before() => Assert.Equal(5, new Window { Channels = 5 }.Filters);

    [Fact]
    public void Dilation_widens_the_window() => Assert.Equal(4, new Window { Width = 10, KernelWidth = 4, DilationWidth = 2 }.OutWidth);
}
