using Whence;
using static Whence.Nn;

namespace Credit;

/// <summary>Tells malignant (unit 0) from benign (unit 1) by thirty measurements, which it standardises itself; see README.md.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.Rescale, Weights = "tumour.safetensors")]
public sealed partial class TumourNet
{
    [Parameter(30)] private partial Tensor Mean();
    [Parameter(30)] private partial Tensor Deviation();
    [Linear(64)] private partial Tensor Fc1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Linear(32)] private partial Tensor Fc2(Tensor x);
    [BatchNorm] private partial Tensor Bn2(Tensor x);
    [Linear(2)] private partial Tensor Fc3(Tensor x);

    public Tensor Forward([Shape(30), Features(
        "mean radius", "mean texture", "mean perimeter", "mean area", "mean smoothness", "mean compactness", "mean concavity",
        "mean concave points", "mean symmetry", "mean fractal dimension", "radius error", "texture error", "perimeter error",
        "area error", "smoothness error", "compactness error", "concavity error", "concave points error", "symmetry error",
        "fractal dimension error", "worst radius", "worst texture", "worst perimeter", "worst area", "worst smoothness",
        "worst compactness", "worst concavity", "worst concave points", "worst symmetry", "worst fractal dimension")] Tensor measurements)
    {
        var wide = Relu(Bn1(Fc1((measurements - Mean()) / Deviation())));
        var narrow = Relu(Bn2(Fc2(wide)));
        return Fc3(narrow);
    }
}
