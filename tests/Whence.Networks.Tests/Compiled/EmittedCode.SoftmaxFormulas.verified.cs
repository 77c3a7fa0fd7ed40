
        // head_0 - spreadAxis_0
        private readonly struct RescaleDifference : Kernels.IMap2
        {
            public V At<V, M>(V head_0, V spreadAxis_0) where M : struct, IMath<V> =>
                M.Subtract(head_0, spreadAxis_0);
        }

        // Exp(combine_0)
        private readonly struct RescaleExpValue : Kernels.IMap1
        {
            public V At<V, M>(V combine_0) where M : struct, IMath<V> =>
                new Ops.Exp().Value<V, M>(combine_0);
        }

        // log0 + 0.28768207245178085 > 0 ? 0 : Exp(log0)
        private readonly struct RescaleOtherShares : Kernels.IMap1
        {
            public V At<V, M>(V log0) where M : struct, IMath<V> =>
                M.IfPositive(M.Add(log0, M.Constant(0.28768207245178085)), M.Constant(0), new Ops.Exp().Value<V, M>(log0));
        }

        // Exp(head - spreadAxis)
        private readonly struct RescaleExpValue2 : Kernels.IMap2
        {
            public V At<V, M>(V head, V spreadAxis) where M : struct, IMath<V> =>
                new Ops.Exp().Value<V, M>(M.Subtract(head, spreadAxis));
        }

        // m * Exp[x0, head - spreadAxis]
        private readonly struct RescaleThroughExpSecant : Kernels.IMap6
        {
            public V At<V, M>(V m, V x0, V y, V y0, V head, V spreadAxis) where M : struct, IMath<V> =>
                M.Multiply(m, new Ops.Exp().Secant<V, M>(M.Subtract(head, spreadAxis), x0, y, y0));
        }

        // Exp[z0 - max(lse, lse0), z - max(lse, lse0)] * (1 / Exp[0, -|lse - lse0|])
        private readonly struct RescaleSecantShares : Kernels.IMap4
        {
            public V At<V, M>(V z, V lse, V lse0, V z0) where M : struct, IMath<V>
            {
                var a = M.Max(lse, lse0);
                var b = M.Subtract(z, a);
                var c = M.Subtract(z0, a);
                var d = M.Negate(M.Abs(M.Subtract(lse, lse0)));
                return M.Multiply(new Ops.Exp().Secant<V, M>(b, c, new Ops.Exp().Value<V, M>(b),
                    new Ops.Exp().Value<V, M>(c)), M.Divide(M.Constant(1), new Ops.Exp().Secant<V, M>(d, M.Constant(0),
                    new Ops.Exp().Value<V, M>(d), new Ops.Exp().Value<V, M>(M.Constant(0)))));
            }
        }

        // head - spreadAxis + 0.28768207245178085 > 0 ? 0 : Exp(head - spreadAxis)
        private readonly struct RescaleOtherShares2 : Kernels.IMap2
        {
            public V At<V, M>(V head, V spreadAxis) where M : struct, IMath<V>
            {
                var a = M.Subtract(head, spreadAxis);
                return M.IfPositive(M.Add(a, M.Constant(0.28768207245178085)), M.Constant(0), new Ops.Exp().Value<V, M>(a));
            }
        }

        // Shares.Left(left, left0, lse - lse0)
        private readonly struct RescaleLeftBySecant : Kernels.IMap4
        {
            public V At<V, M>(V left, V left0, V lse, V lse0) where M : struct, IMath<V> =>
                Kernels.Shares.Left<V, M>(left, left0, M.Subtract(lse, lse0));
        }

        // min(head - spreadAxis, log0) + 0.28768207245178085 > 0 ? 0 : v
        private readonly struct RescaleWithoutLargest : Kernels.IMap4
        {
            public V At<V, M>(V log0, V v, V head, V spreadAxis) where M : struct, IMath<V> =>
                M.IfPositive(M.Add(M.Min(M.Subtract(head, spreadAxis), log0), M.Constant(0.28768207245178085)), M.Constant(0), v);
        }

        // min(head - spreadAxis, log0) + 0.28768207245178085 > 0 ? m * left - others * p : m - all * p
        private readonly struct RescaleChoice : Kernels.IMap8
        {
            public V At<V, M>(V log0, V m, V left, V others, V p, V all, V head, V spreadAxis) where M : struct, IMath<V> =>
                M.IfPositive(M.Add(M.Min(M.Subtract(head, spreadAxis), log0), M.Constant(0.28768207245178085)), M.Subtract(M.Multiply(m,
                    left), M.Multiply(others, p)), M.Subtract(m, M.Multiply(all, p)));
        }
