namespace Whence.Runtime.Tests.Operators;

/// <summary>Parts along axis 0, as C# writes them.</summary>
public sealed class PartsOfTensors
{
    private static readonly Tensor x = new(new Shape(3, 2), [10, 11, 20, 21, 30, 31]);

    [Fact]
    public void One_is_what_foreach_gives()
    {
        var parts = new List<Tensor>();
        foreach (var part in x)
            parts.Add(part);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(new Shape(2), x[(Index)i].Shape);
            Assert.Equal(parts[i].Values.ToArray(), x[(Index)i].Values.ToArray());
            Assert.Equal(parts[2 - i].Values.ToArray(), x[^(i + 1)].Values.ToArray());
        }
        Assert.Equal(Nn.Last(x).Values.ToArray(), x[^1].Values.ToArray());
        Assert.Equal(new Shape(), x[^1][^1].Shape);
        Assert.Equal(21, x[1, 1]);
    }

    [Fact]
    public void Several_are_a_slice()
    {
        Assert.Equal([10, 11, 20, 21], x[..2].Values.ToArray());
        Assert.Equal([20, 21], x[1..^1].Values.ToArray());
        Assert.Equal(new Shape(1, 2), x[1..2].Shape);
        Assert.Equal(x.Values.ToArray(), x[..].Values.ToArray());
        Assert.Equal(x.Values.ToArray(), (+x).Values.ToArray());
        Assert.Equal(2, x.Shape[^1]);
    }

    [Fact]
    public void What_is_not_there_is_refused()
    {
        Assert.Contains("[^4] lies outside axis 0 of [3, 2], which has 3", Assert.Throws<ArgumentException>(() => x[^4]).Message);
        Assert.Contains("lies outside axis 0", Assert.Throws<ArgumentException>(() => x[^0]).Message);
        Assert.Contains("[2..5] is no part of axis 0 of [3, 2]", Assert.Throws<ArgumentException>(() => x[2..5]).Message);
        Assert.Contains("[1..1] is no part", Assert.Throws<ArgumentException>(() => x[1..1]).Message);
        Assert.Contains("[..^5] is no part", Assert.Throws<ArgumentException>(() => x[..^5]).Message.Replace("0..", ".."));
        Assert.Contains("[^1] is of axis 0, which a scalar has not",
            Assert.Throws<ArgumentException>(() => new Tensor(new Shape(), [1.0])[^1]).Message);
    }
}
