
        private void RescaleBelowOutputSteps(in BackwardArguments<float> arguments, Span<float> arena, Span<float> back)
        {
            var rows = arguments.Rows;
            var keptRow = arguments.ReferenceRows == 1 ? 0 : 14;
            var head = arena.Slice(0, rows * 3); // [3]
            var logSumExpAxis = arena.Slice(rows * 80, rows * 1); // [1]
            var spreadAxis = arena.Slice(rows * 16, rows * 3); // [3]
            var exp = arena.Slice(rows * 32, rows * 3); // [3]
            var mExp = back.Slice(rows * 48, rows * 3); // [3]
            var combine_0 = arguments.Kept[7..]; // [3]
            var exp_0 = arguments.Kept[10..]; // [3]
            var mCombine = back.Slice(rows * 64, rows * 3); // [3]
            var spreadAxis_0 = arguments.Kept[4..]; // [3]
            var head_0 = arguments.Kept; // [3]
            var combineShare = back.Slice(rows * 32, rows * 3); // [3]
            var headRest2 = back.Slice(rows * 48, rows * 3); // [3]
            var mCombine2 = back.Slice(rows * 96, rows * 1); // [1]
            var sumAxis_0 = arguments.Kept[13..]; // [1]
            var logSumExpAxis_0 = arguments.Kept[3..]; // [1]
            var logSumExpAxisLeft = back.Slice(rows * 112, rows * 1); // [1]
            var mCombine3 = back.Slice(rows * 48, rows * 3); // [3]
            var headOthers = back.Slice(rows * 80, rows * 3); // [3]
            var mCombine4 = back.Slice(rows * 112, rows * 1); // [1]
            var mCombine5 = back.Slice(rows * 96, rows * 3); // [3]
            var mCombine6 = back.Slice(rows * 112, rows * 1); // [1]
            var mCombine7 = back.Slice(rows * 80, rows * 3); // [3]
            var mHead = back.Slice(rows * 112, rows * 3); // [3]

            // Back through Softmax(Head(row)): mCombine = mExp * Exp[combine_0, head - spreadAxis] [3]
            Kernels.Loop.Map(default(RescaleThroughExpSecant), mCombine, rows, 3, new Kernels.Operand(mExp, 3),
                new Kernels.Operand(combine_0, keptRow), new Kernels.Operand(exp, 3), new Kernels.Operand(exp_0, keptRow),
                new Kernels.Operand(head, 3), new Kernels.Operand(spreadAxis, 3));

            // how far log-sum-exp moves for a move of Softmax(Head(row)): combineShare = Exp[head_0 - max(spreadAxis, spreadAxis_0), head -
            //     max(spreadAxis, spreadAxis_0)] * (1 / Exp[0, -|spreadAxis - spreadAxis_0|]) [3]
            Kernels.Loop.Map(default(RescaleSecantShares), combineShare, rows, 3, new Kernels.Operand(head, 3),
                new Kernels.Operand(spreadAxis, 3), new Kernels.Operand(spreadAxis_0, keptRow), new Kernels.Operand(head_0, keptRow));

            // the shares of Head but one near 1: headRest2 = head - spreadAxis + 0.28768207245178085 > 0 ? 0 : Exp(head - spreadAxis) [3]
            Kernels.Loop.Map(default(RescaleOtherShares2), headRest2, rows, 3, new Kernels.Operand(head, 3),
                new Kernels.Operand(spreadAxis, 3));

            // Back through Softmax(Head(row)): mCombine2 [1]
            Kernels.Reduce.Sum(headRest2, mCombine2, rows, 1, 3, 1, 1f);

            // what a share near 1 leaves of 1, by Softmax(Head(row))'s move: logSumExpAxisLeft = Shares.Left(mCombine2, sumAxis_0,
            //     logSumExpAxis - logSumExpAxis_0) [1]
            Kernels.Loop.Map(default(RescaleLeftBySecant), logSumExpAxisLeft, rows, 1, new Kernels.Operand(mCombine2, 1),
                new Kernels.Operand(sumAxis_0, keptRow), new Kernels.Operand(logSumExpAxis, 1),
                new Kernels.Operand(logSumExpAxis_0, keptRow));

            // Back through Softmax(Head(row)): mCombine3 [3]
            Kernels.Copy.Strided(logSumExpAxisLeft, 0, mCombine3, 0, rows, 1, 3, new Kernels.Strides((1, 1, 1, 3), (0, 0, 0, 0), (0, 0, 0, 1)));

            // Head without a share near 1: headOthers = min(head - spreadAxis, combine_0) + 0.28768207245178085 > 0 ? 0 : mCombine [3]
            Kernels.Loop.Map(default(RescaleWithoutLargest), headOthers, rows, 3, new Kernels.Operand(combine_0, keptRow),
                new Kernels.Operand(mCombine, 3), new Kernels.Operand(head, 3), new Kernels.Operand(spreadAxis, 3));

            // Back through Softmax(Head(row)): mCombine4 [1]
            Kernels.Reduce.Sum(mCombine, mCombine4, rows, 1, 3, 1, 1f);

            // Back through Softmax(Head(row)): mCombine5 [3]
            Kernels.Copy.Strided(mCombine4, 0, mCombine5, 0, rows, 1, 3, new Kernels.Strides((1, 1, 1, 3), (0, 0, 0, 0), (0, 0, 0, 1)));

            // Back through Softmax(Head(row)): mCombine6 [1]
            Kernels.Reduce.Sum(headOthers, mCombine6, rows, 1, 3, 1, 1f);

            // Back through Softmax(Head(row)): mCombine7 [3]
            Kernels.Copy.Strided(mCombine6, 0, mCombine7, 0, rows, 1, 3, new Kernels.Strides((1, 1, 1, 3), (0, 0, 0, 0), (0, 0, 0, 1)));

            // Back through Softmax(Head(row)): mHead = min(head - spreadAxis, combine_0) + 0.28768207245178085 > 0 ? mCombine * mCombine3 -
            //     mCombine7 * combineShare : mCombine - mCombine5 * combineShare [3]
            Kernels.Loop.Map(default(RescaleChoice), mHead, rows, 3, new Kernels.Operand(combine_0, keptRow),
                new Kernels.Operand(mCombine, 3), new Kernels.Operand(mCombine3, 3), new Kernels.Operand(mCombine7, 3),
                new Kernels.Operand(combineShare, 3), new Kernels.Operand(mCombine5, 3), new Kernels.Operand(head, 3),
                new Kernels.Operand(spreadAxis, 3));
        }

        private void RescaleBelowOutputLogitsSteps(in BackwardArguments<float> arguments, Span<float> arena, Span<float> back)
        {
            var rows = arguments.Rows;
            var mHead = back.Slice(rows * 112, rows * 3); // [3]
            var mRow = back.Slice(0, rows * 4); // [4]

            // Back through Head(row): mRow = Head^T * mHead [4]
            Kernels.MatMul.Affine(mHead, HeadBackWeights, [], mRow, rows);
        }
