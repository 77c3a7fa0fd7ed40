using Whence;
using static Whence.Nn;

namespace Embedded;

/// <summary>Tells benign from malignant cells by thirty standardised measurements; see README.md.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Weights = "tabular.safetensors")]
public sealed partial class CellNet
{
    [Linear(64)] private partial Tensor Fc1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Linear(32)] private partial Tensor Fc2(Tensor x);
    [BatchNorm] private partial Tensor Bn2(Tensor x);
    [Linear(2)] private partial Tensor Fc3(Tensor x);

    public Tensor Forward([Shape(30)] Tensor measurements)
    {
        var wide = Relu(Bn1(Fc1(measurements)));
        var narrow = Relu(Bn2(Fc2(wide)));
        return Fc3(narrow);
    }
}
