namespace Whence.Gpu.Tests;

using ILGPU;
using ILGPU.Runtime.Cuda;

/// <summary>The PTX of every elementwise function: what one is written in, kernels must be able to hold.</summary>
public class PtxOfFunctions
{
    public struct Arguments
    {
        public ArrayView<float> Values;
    }

    // Every way of a function's is compiled, whatever the constants that it is made with; those of default are 0.
    private readonly struct Asked<TFunction> : IKernel<Arguments> where TFunction : struct, ISecant
    {
        public static void Run(Arguments p)
        {
            var function = default(TFunction);
            var at = 4 * Group.IdxX;
            var (x, x0, y, y0) = (p.Values[at], p.Values[at + 1], p.Values[at + 2], p.Values[at + 3]);
            p.Values[at] = function.Value<float, GpuMath>(x);
            p.Values[at + 1] = function.Slope<float, GpuMath>(x, y);
            p.Values[at + 2] = function.Secant<float, GpuMath>(x, x0, y, y0);
        }
    }

    // By products, by roots, by both and by exponentials.
    private readonly struct Powers : ISecant
    {
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Add(
            M.Add(new Ops.Pow(5).Value<V, M>(x), new Ops.Pow(-0.5).Value<V, M>(x)),
            M.Add(new Ops.Pow(2.25).Value<V, M>(x), new Ops.Pow(1.3).Value<V, M>(x)));

        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Add(
            M.Add(new Ops.Pow(5).Slope<V, M>(x, y), new Ops.Pow(-0.5).Slope<V, M>(x, y)),
            M.Add(new Ops.Pow(2.25).Slope<V, M>(x, y), new Ops.Pow(1.3).Slope<V, M>(x, y)));

        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V> => M.Add(
            M.Add(new Ops.Pow(5).Secant<V, M>(x, x0, y, y0), new Ops.Pow(-0.5).Secant<V, M>(x, x0, y, y0)),
            M.Add(new Ops.Pow(2.25).Secant<V, M>(x, x0, y, y0), new Ops.Pow(1.3).Secant<V, M>(x, x0, y, y0)));
    }

    public static TheoryData<string> Functions() => [.. typeof(Ops).GetNestedTypes()
        .Where(type => type.IsValueType && type.IsAssignableTo(typeof(ISecant))).Select(type => type.Name)];

    [Theory, MemberData(nameof(Functions))]
    public void IsClean(string function)
    {
        var kernel = typeof(Asked<>).MakeGenericType(typeof(Ops).GetNestedType(function)!);
        Assert.Empty(Ptx.Of(kernel, CudaArchitecture.SM_80).Faults());
    }

    /// <summary>The function that decides by its constant how it is computed leaves none of that to the device.</summary>
    [Fact]
    public void OfPowersIsClean() => Assert.Empty(Ptx.Of(typeof(Asked<Powers>), CudaArchitecture.SM_80).Faults());

    [Fact]
    public void AreAll() => Assert.InRange(Functions().Count, 20, 100);
}
