using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class ScratchTests
{
    [Fact]
    public void Memory_is_aligned_and_as_long_as_asked()
    {
        foreach (var floats in new[] { 0, 1, 15, 16, 17, 1000, 100_000 })
        {
            using var scratch = Scratch.Rent(floats);
            Assert.Equal(floats, scratch.Span.Length);
            Assert.Equal(0, Address(scratch) % 64);
        }
    }

    [Fact]
    public void Nested_rents_do_not_touch_each_other()
    {
        using var outer = Scratch.Rent(100);
        outer.Span.Fill(1);
        foreach (var floats in new[] { 50, 40_000, 300_000 })
        {
            using var inner = Scratch.Rent(floats);
            inner.Span.Fill(2);
            using var innermost = Scratch.Rent(floats);
            innermost.Span.Fill(3);
            Assert.Equal(-1, inner.Span.IndexOfAnyExcept(2f));
        }
        Assert.Equal(-1, outer.Span.IndexOfAnyExcept(1f));
    }

    [Fact]
    public void What_was_given_back_is_used_again()
    {
        nint first, second;
        using (var scratch = Scratch.Rent(1000))
            first = Address(scratch);
        using (var scratch = Scratch.Rent(500))
            second = Address(scratch);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Renting_allocates_nothing_the_second_time()
    {
        Assert.Equal(0, Allocated.By(Nested));

        static void Nested()
        {
            using var a = Scratch.Rent(60_000);
            using var b = Scratch.Rent(500_000);
            using (Scratch.Rent(2_000_000))
            using (Scratch.Rent(10))
                b.Span[0] = 1;
            using var c = Scratch.Rent(700_000);
            c.Span[^1] = a.Span[^1] = 2;
        }
    }

    [Fact]
    public void Every_thread_has_its_own()
    {
        using var mine = Scratch.Rent(1000);
        mine.Span.Fill(1);
        var other = new Thread(() =>
        {
            using var theirs = Scratch.Rent(1000);
            theirs.Span.Fill(2);
        });
        other.Start();
        other.Join();
        Assert.Equal(-1, mine.Span.IndexOfAnyExcept(1f));
    }

    [Fact]
    public void Memory_never_rented_can_be_given_back() => default(Scratch).Dispose();

    [Fact]
    public void A_negative_length_is_refused() => Assert.Throws<ArgumentOutOfRangeException>("floats", () => Scratch.Rent(-1).Dispose());

    private static unsafe nint Address(Scratch scratch) => (nint)scratch.Start;
}
