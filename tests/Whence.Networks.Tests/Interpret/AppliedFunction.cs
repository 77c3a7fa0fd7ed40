using Whence.Generator.Graphs;
using Whence.CompilerServices;
using Part = Whence.Generator.Graphs.Part;

namespace Whence.Networks.Tests.Interpret;

/// <summary>An elementwise function found by its full name among the loaded assemblies, with its constants.</summary>
internal abstract class AppliedFunction
{
    public static AppliedFunction Of(Function function)
    {
        var made = Made(function);
        var applied = (function.HasSecant ? typeof(WithSecant<>) : typeof(Plain<>)).MakeGenericType(made.GetType());
        return (AppliedFunction)Activator.CreateInstance(applied, made)!;
    }

    /// <summary>The struct itself.</summary>
    public static object Made(Function function)
    {
        var type = Find(function.Type["global::".Length..]);
        return Activator.CreateInstance(type, [.. function.Arguments.Select(a => (object)a)])!;
    }

    public void Apply(Part part, Span<double> result, ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c,
        ReadOnlySpan<double> d)
    {
        switch (part)
        {
            case Part.Value:
                Value(result, a);
                break;
            case Part.Slope:
                Slope(result, a, b);
                break;
            case Part.Secant:
                Secant(result, a, b, c, d);
                break;
        }
    }

    protected abstract void Value(Span<double> result, ReadOnlySpan<double> x);

    protected abstract void Slope(Span<double> result, ReadOnlySpan<double> x, ReadOnlySpan<double> y);

    protected abstract void Secant(Span<double> result, ReadOnlySpan<double> x, ReadOnlySpan<double> x0, ReadOnlySpan<double> y,
        ReadOnlySpan<double> y0);

    // A C# name does not say where the namespace ends and nesting begins.
    private static Type Find(string name)
    {
        for (var candidate = name; ;)
        {
            if (AppDomain.CurrentDomain.GetAssemblies()
                .Select(assembly => assembly.GetType(candidate))
                .FirstOrDefault(type => type is not null)
                is { } type)
                return type;
            var dot = candidate.LastIndexOf('.');
            if (dot < 0)
                throw new InvalidOperationException($"No loaded assembly has a type {name}.");
            candidate = $"{candidate[..dot]}+{candidate[(dot + 1)..]}";
        }
    }

    private class Plain<F>(F f) : AppliedFunction where F : struct, IElementwise
    {
        protected override void Value(Span<double> result, ReadOnlySpan<double> x)
        {
            for (var i = 0; i < result.Length; i++)
                result[i] = f.Value<double, DoubleMath>(x[i]);
        }

        protected override void Slope(Span<double> result, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        {
            for (var i = 0; i < result.Length; i++)
                result[i] = f.Slope<double, DoubleMath>(x[i], y[i]);
        }

        protected override void Secant(Span<double> result, ReadOnlySpan<double> x, ReadOnlySpan<double> x0, ReadOnlySpan<double> y,
            ReadOnlySpan<double> y0)
        {
            for (var i = 0; i < result.Length; i++)
                result[i] = Secants.Of<F, double, DoubleMath>(f, x[i], x0[i], y[i], y0[i]);
        }
    }

    private sealed class WithSecant<F>(F f) : Plain<F>(f) where F : struct, ISecant
    {
        private readonly F function = f;

        protected override void Secant(Span<double> result, ReadOnlySpan<double> x, ReadOnlySpan<double> x0, ReadOnlySpan<double> y,
            ReadOnlySpan<double> y0)
        {
            for (var i = 0; i < result.Length; i++)
                result[i] = function.Secant<double, DoubleMath>(x[i], x0[i], y[i], y0[i]);
        }
    }
}
