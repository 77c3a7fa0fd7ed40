using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>What a loop is called: after what it computes. Every name ends in a word of ours, which no field's does.</summary>
internal static class LoopName
{
    /// <summary>
    /// The name of a loop: what its words say, "PositivePart", or where it has none what it is made of, "ThroughReluSlope".
    /// </summary>
    public static string Of(MapStep step) => step.Loop ?? Of(step.Expr);

    private static string Of(Expr expr) => expr switch
    {
        Apply apply => Called(apply),
        Arithmetic arithmetic when Applied(arithmetic) is { } apply => (apply.Part == Part.Value ? "Of" : "Through") + Called(apply),
        Arithmetic arithmetic => Called(arithmetic.Operation),
        Number => "Number",
        _ => "Copy",
    };

    private static string Called(Apply apply) => Names.Pascal(apply.Function.Name) + apply.Part;

    private static string Called(string operation) => operation switch
    {
        "Add" => "Sum",
        "Subtract" => "Difference",
        "Multiply" => "Product",
        "Divide" => "Quotient",
        "Max" => "Maximum",
        "Min" => "Minimum",
        "Abs" => "Size",
        "Negate" => "Negative",
        "IfPositive" or "IfZero" => "Choice",
        _ => Names.Pascal(operation) + "Result",
    };

    /// <summary>The first slope or secant in it; where there is none, the first value.</summary>
    private static Apply? Applied(Expr expr)
    {
        var all = All(expr).ToList();
        return all.Find(apply => apply.Part != Part.Value) ?? all.FirstOrDefault();
    }

    private static IEnumerable<Apply> All(Expr expr) => expr switch
    {
        Apply apply => apply.Operands.SelectMany(All).Prepend(apply),
        Arithmetic arithmetic => arithmetic.Operands.SelectMany(All),
        _ => [],
    };
}
