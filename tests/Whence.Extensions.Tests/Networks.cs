using static Whence.Nn;

namespace Whence.Extensions.Tests;

/// <summary>A table of four columns and three answers.</summary>
[Network(Explain = Methods.All, Weights = "")]
public sealed partial class TableNet
{
    [Linear(32)] private partial Tensor Fc1(Tensor x);
    [Linear(3)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(4), Features("age", "income", "debt", "years")] Tensor row) => Fc2(Relu(Fc1(row)));
}

/// <summary>A network whose answer is not finite at zero and below.</summary>
[Network(Explain = Methods.Rescale | Methods.IntegratedGradients, Weights = "")]
public sealed partial class LogNet
{
    [Linear(2)] private partial Tensor Fc(Tensor x);

    public Tensor Forward([Shape(3)] Tensor values) => Fc(Log(values));
}

/// <summary>Compiled for gradients alone.</summary>
[Network(Explain = Methods.Gradient, Weights = "")]
public sealed partial class GradientNet
{
    [Linear(2)] private partial Tensor Fc(Tensor x);

    public Tensor Forward([Shape(3)] Tensor values) => Fc(values);
}
