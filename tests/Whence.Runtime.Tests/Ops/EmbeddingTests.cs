namespace Whence.Runtime.Tests.Operators;

public sealed class EmbeddingTests
{
    private static readonly Tensor table = new(new Shape(3, 2), [10, 11, 20, 21, 30, 31]);

    [Fact]
    public void Each_token_is_its_row_of_the_table()
    {
        var embedded = Nn.Embedding(Tensor.Tokens(2, 0, 2, 1), table);

        Assert.Equal(new Shape(4, 2), embedded.Shape);
        Assert.Equal([30, 31, 10, 11, 30, 31, 20, 21], embedded.Values.ToArray());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void A_token_outside_the_table_is_refused_by_its_place(double token)
    {
        var error = Assert.Throws<ArgumentException>(() => Nn.Embedding(new Tensor(new Shape(2), [1, token]), table));

        Assert.Contains("from 0 to 2, but token 1 is", error.Message);
    }
}
