namespace Whence.Generator.Tests.Diagnostics;

/// <summary>What is said of networks that are to run on a GPU.</summary>
public class GpuDiagnostics
{
    [Fact]
    public Task ThePackageMustBeReferenced() => Diagnosis.Is("WH320", """
        [Network(Backends = [|Backends.Cpu | Backends.Gpu|])]
        public partial class Net
        {
            [Linear(2)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(3)] Tensor x) => Fc(x);
        }
        public static class Use { public static object Of(Net net, float[] x) => net.Predict(x); }
        """, "the project does not reference the package Whence.Gpu");
}
