namespace Whence.Runtime.Tests.Operators;

public class Tensors
{
    [Fact]
    public void Is_indexed_with_the_last_axis_fastest()
    {
        var tensor = Tensor.From(new Shape(2, 3), 1, 2, 3, 4, 5, 6);
        Assert.Equal(6, tensor[1, 2]);
        Assert.Equal(4, tensor[1, 0]);
        Assert.Equal([2, 3], tensor.Shape.ToArray());
    }

    [Fact]
    public void Does_not_follow_the_array_that_it_was_made_of()
    {
        double[] values = [1, 2];
        Tensor made = values;
        var from = Tensor.From(new Shape(2), values);
        var constant = Nn.Constant(values);
        values[0] = 7;
        Assert.Equal([1, 1, 1], [made[0], from[0], constant[0]]);
    }

    [Fact]
    public void Holds_floats_without_rounding()
    {
        Tensor tensor = new[] { 0.1f, -1.5f };
        Assert.Equal([(double)0.1f, -1.5], tensor.Values.ToArray());
    }

    [Fact]
    public void Prints_its_shape_and_first_values()
    {
        Assert.Equal("[2] {0.5, -1E-09}", Tensor.From(new Shape(2), 0.5, -1e-9).ToString());
        Assert.Equal("[3, 4] {0, 0, 0, 0, 0, 0, 0, 0, ...}", Nn.Zeros(3, 4).ToString());
    }

    [Fact]
    public void A_number_goes_with_every_element_on_either_side()
    {
        Tensor x = new double[] { 1, 2, 4 };
        Assert.Equal([3, 4, 6], (x + 2).Values.ToArray());
        Assert.Equal([3, 4, 6], (2 + x).Values.ToArray());
        Assert.Equal([-1, 0, 2], (x - 2).Values.ToArray());
        Assert.Equal([1, 0, -2], (2 - x).Values.ToArray());
        Assert.Equal([2, 4, 8], (x * 2).Values.ToArray());
        Assert.Equal([2, 4, 8], (2 * x).Values.ToArray());
        Assert.Equal([0.5, 1, 2], (x / 2).Values.ToArray());
        Assert.Equal([2, 1, 0.5], (2 / x).Values.ToArray());
    }

    [Fact]
    public void A_scalar_goes_with_every_element_on_either_side()
    {
        Tensor x = new double[] { 1, 2, 5 };
        var sum = Nn.Sum(x, 0);
        Assert.Equal(0, sum.Shape.Rank);
        Assert.Equal([0.125, 0.25, 0.625], (x / sum).Values.ToArray());
        Assert.Equal([8, 4, 1.6], (sum / x).Values.ToArray());
        Assert.Equal(8, sum[[]]);
    }

    [Fact]
    public void A_vector_of_minus_infinities_sums_to_minus_infinity()
    {
        Tensor x = new[] { double.NegativeInfinity, double.NegativeInfinity };
        Assert.Equal(double.NegativeInfinity, Nn.LogSumExp(x)[[]]);
        x = new[] { double.NegativeInfinity, 3 };
        Assert.Equal([0, 1], Nn.Softmax(x).Values.ToArray());
    }

    [Fact]
    public void A_not_a_number_is_never_hidden()
    {
        Tensor x = Nn.Reshape(new[] { 1, double.NaN, 3, 4 }, 1, 4);
        Assert.Equal([double.NaN, 4], Nn.MaxPool1d(x, 2).Values.ToArray());
        Assert.Equal([double.NaN, 3.5], Nn.AvgPool1d(x, 2).Values.ToArray());
        Assert.Equal([double.NaN], Nn.GlobalMaxPool(x).Values.ToArray());
        Assert.Equal([double.NaN], Nn.LogSumExp(x, 1).Values.ToArray());
        Assert.True(double.IsNaN(Nn.Relu(x)[0, 1]));
    }
}
