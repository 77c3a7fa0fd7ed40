using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>switch, and patterns: over constants and tuples of them, which are known when compiled.</summary>
internal sealed partial class Binder
{
    private Way Execute(ISwitchOperation choice)
    {
        var value = Evaluate(choice.Value);
        if (IsUnfit(value, choice.Value))
            return Way.Next;
        var section = value == Value.Unknown
            ? null
            : choice.Cases.FirstOrDefault(one => one.Clauses.Any(clause => Matches(clause, value) == true))
                ?? choice.Cases.FirstOrDefault(one => one.Clauses.Any(clause => clause is IDefaultCaseClauseOperation));
        if (section is not null)
            return Leave(Execute(section.Body));
        // A block by itself does not know its sizes: every case is read, for the mistakes in it.
        if (value == Value.Unknown)
        {
            foreach (var one in choice.Cases)
                Execute(one.Body);
        }
        return Way.Next;

        static Way Leave(Way way) => way == Way.Break ? Way.Next : way;
    }

    private Value Choose(ISwitchExpressionOperation choice)
    {
        var value = Evaluate(choice.Value);
        if (IsUnfit(value, choice.Value))
            return Value.Unknown;
        if (value == Value.Unknown)
        {
            foreach (var arm in choice.Arms)
                Evaluate(arm.Value);
            return Value.Unknown;
        }
        foreach (var arm in choice.Arms)
        {
            var matches = Holds(Matches(arm.Pattern, value), arm.Guard);
            if (matches is null)
                return Value.Unknown;
            if (matches == true)
                return Evaluate(arm.Value);
        }
        return Report(Problems.NotInForward, choice.Syntax, "a switch that has no arm for the value it is given");
    }

    private Value Test(IIsPatternOperation test)
    {
        var value = Evaluate(test.Value);
        if (IsUnfit(value, test.Value))
            return Value.Unknown;
        return value != Value.Unknown && Matches(test.Pattern, value) is { } matches ? new ConstantValue(matches) : Value.Unknown;
    }

    /// <summary>Whether a value cannot be chosen by; reports it.</summary>
    private bool IsUnfit(Value value, IOperation place)
    {
        if (value == Value.Unknown || value is ConstantValue or TensorValue or TupleValue)
            return false;
        Report(Problems.NotInForward, place.Syntax, "a choice by what is not a constant");
        return true;
    }

    private bool? Matches(ICaseClauseOperation clause, Value value) => clause switch
    {
        ISingleValueCaseClauseOperation single => Same(Evaluate(single.Value), value),
        IPatternCaseClauseOperation pattern => Holds(Matches(pattern.Pattern, value), pattern.Guard),
        _ => false,
    };

    private bool? Holds(bool? matches, IOperation? guard) =>
        matches != true || guard is null ? matches : Evaluate(guard) is ConstantValue { Constant: bool holds } ? holds : null;

    /// <summary>Whether a value has a pattern; null, and reported, if that cannot be told.</summary>
    private bool? Matches(IPatternOperation pattern, Value value)
    {
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return true;
            case IConstantPatternOperation constant:
                return Same(Evaluate(constant.Value), value) ?? Untold(pattern);
            case IRelationalPatternOperation relation:
                return value is ConstantValue { Constant: { } a }
                    && Evaluate(relation.Value) is ConstantValue { Constant: { } b }
                    && Numbers.Combine(relation.OperatorKind, a, b, SpecialType.System_Boolean) is bool holds
                    ? holds
                    : Untold(pattern);
            case INegatedPatternOperation negated:
                return !Matches(negated.Pattern, value);
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both:
                return Matches(both.LeftPattern, value) is not true ? false : Matches(both.RightPattern, value);
            case IBinaryPatternOperation either:
                return Matches(either.LeftPattern, value) is true ? true : Matches(either.RightPattern, value);
            case IDeclarationPatternOperation { MatchesNull: true, DeclaredSymbol: ILocalSymbol local }:
                frame.Declare(local, value);
                return true;
            case IDeclarationPatternOperation { MatchedType: { } type, DeclaredSymbol: var symbol }
                when SymbolEqualityComparer.Default.Equals(type, pattern.InputType):
                if (symbol is not null)
                    frame.Declare(symbol, value);
                return true;
            case IRecursivePatternOperation { PropertySubpatterns.IsEmpty: true, DeconstructionSubpatterns.IsEmpty: true,
                DeclaredSymbol: var symbol }:
                if (symbol is not null)
                    frame.Declare(symbol, value);
                return value != Value.Nothing;
            case IRecursivePatternOperation { PropertySubpatterns.IsEmpty: true, DeclaredSymbol: null,
                DeconstructionSubpatterns: var parts }
                when value is TupleValue { Items: var items } && items.Count == parts.Length:
                return parts.Zip(items, (part, item) => Matches(part, item))
                    .Aggregate((bool?)true, (all, one) => all is not true ? all : one);
            default:
                return Untold(pattern);
        }
    }

    private bool? Untold(IPatternOperation pattern)
    {
        NotInForward(pattern);
        return null;
    }

    private static bool? Same(Value a, Value b) => (a, b) switch
    {
        (ConstantValue { Constant: var p }, ConstantValue { Constant: var q })
            when p is null || q is null || p is string || q is string || p is char || q is char => Equals(p, q),
        (ConstantValue { Constant: { } p }, ConstantValue { Constant: { } q }) =>
            Numbers.Combine(BinaryOperatorKind.Equals, p, q, SpecialType.System_Boolean) is true,
        _ when a == Value.Nothing || b == Value.Nothing => a == b,
        _ => null,
    };
}
