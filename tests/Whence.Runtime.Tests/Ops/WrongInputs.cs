namespace Whence.Runtime.Tests.Operators;

/// <summary>An input of another shape than Forward declares is blamed by name, whichever operator meets it first.</summary>
public class WrongInputs
{
    public static TheoryData<string, Func<Tensor, Tensor, Tensor>> Bodies => new()
    {
        { "[2] + [4] has no meaning", (x, y) => x + Nn.Relu(y) },
        { "Concat along axis 1 needs", (x, y) => Nn.Concat(1, Nn.Reshape(x, 1, 2), Nn.Reshape(y, 2, 2)) },
        { "Reshape to [2, 2] needs 4 values", (x, _) => Nn.Reshape(x, 2, 2) },
        { "Slice takes 3 elements", (x, _) => Nn.Slice(x, 0, 0, 3) },
        { "MatMul takes matrices", (x, y) => Nn.MatMul(x, y) },
        { "Linear needs a weight", (x, _) => Nn.Linear(x, Nn.Zeros(3, 4), null) },
        { "MaxPool1d takes [channels, length]", (x, _) => Nn.MaxPool1d(x, 2) },
        { "axis 1", (x, _) => Nn.Sum(x, 1) },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void AreNamedWithTheirShapes(string says, Func<Tensor, Tensor, Tensor> body)
    {
        var message = Assert.Throws<ArgumentException>(() => new Inner.Declared(body).Forward(Nn.Zeros(2), Nn.Zeros(4))).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.Contains("Declared.Forward takes x [4] and y [2, 2]; look at what it was given.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheOutermostForwardIsTheOneThatWasCalled() => Assert.Contains(
        "One.Forward takes tokens [7]; look", Assert.Throws<ArgumentException>(() => new Inner.One().Forward(Nn.Zeros(2))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void OutsideOfForwardNothingIsAdded() =>
        Assert.DoesNotContain("Forward", Assert.Throws<ArgumentException>(() => Nn.Zeros(2) + Nn.Zeros(4)).Message,
            StringComparison.Ordinal);

    private static class Inner
    {
        [Network]
        public sealed class Declared(Func<Tensor, Tensor, Tensor> body)
        {
            public Tensor Forward([Shape(4)] Tensor x, [Mask(2, 2)] Tensor y) => body(x, y);
        }

        [Network]
        public sealed class Block
        {
            public Tensor Forward(Tensor x) => x + Nn.Zeros(3);
        }

        [Network]
        public sealed class One
        {
            public Tensor Forward([Tokens(7)] Tensor tokens) => new Block().Forward(tokens);
        }
    }
}
