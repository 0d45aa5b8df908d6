# peers: sklearn LR on 16 log features, HGB, RF; trained on cut-offs whose windows ended by the test cut-off
# Peers of the churn model: scikit-learn on 16 log features of each customer,
# trained at cut-offs whose windows had ended by the test cut-off.
# pip install scikit-learn pandas; python churn_peers.py ../shared/data
import sys
import time

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.pipeline import make_pipeline
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import roc_auc_score
S = sys.argv[1] + '/'


def online():
    d=pd.read_csv(S+'online-retail/online_retail.csv',dtype={'InvoiceNo':str,'StockCode':str},parse_dates=['InvoiceDate'])
    d=d[d.CustomerID.notna()]
    d['amount']=d.Quantity*d.UnitPrice
    d['day']=(d.InvoiceDate.dt.normalize()-pd.Timestamp('1970-01-01')).dt.days
    d=d[d.amount!=0]
    return d.rename(columns={'CustomerID':'c','InvoiceNo':'o','StockCode':'p'})[['c','o','p','day','amount']]
def cdnow():
    d=pd.read_csv(S+'cdnow/CDNOW_master.txt',sep=r'\s+',skiprows=1,names=['c','date','cds','amount'])
    d['day']=(pd.to_datetime(d.date,format='%Y%m%d')-pd.Timestamp('1970-01-01')).dt.days
    d['o']=d.c.astype(str)+'_'+d.day.astype(str); d['p']='x'
    return d[['c','o','p','day','amount']]


def feats(d,c,w):
    h=d[d.day<=c]; p=h[h.amount>=0] 
    od=p.groupby(['c','o']).agg(day=('day','min'),amt=('amount','sum'),lines=('amount','size')).reset_index()
    g=od.groupby('c')
    f=pd.DataFrame({'r':c-g.day.max(),'x':g.o.nunique(),'days':g.day.nunique(),'age':c-g.day.min(),'gross':g.amt.sum(),'aov':g.amt.mean(),'mx':g.amt.max(),'lines':g.lines.sum()})
    f['prod']=p.groupby('c').p.nunique()
    f['ret']=-(h[h.amount<0].groupby('c').amount.sum()).reindex(f.index).fillna(0)
    for k in (30,90,180):
        f[f'n{k}']=od[od.day>c-k].groupby('c').o.nunique().reindex(f.index).fillna(0)
        f[f'm{k}']=od[od.day>c-k].groupby('c').amt.sum().reindex(f.index).fillna(0)
    f['gap']=((g.day.max()-g.day.min())/(f.days-1).clip(lower=1)).where(f.days>1,f.age)
    f['over']=f.r/(f.gap+1)
    f=f.clip(lower=0)
    return np.log1p(f)
def lab(d,c,w,idx):
    a=d[(d.amount>=0)&(d.day>c)&(d.day<=c+w)].c.unique()
    return (~idx.isin(a)).astype(int)
if __name__=='__main__':
    for n,d,w in (('online',online(),90),('cdnow',cdnow(),180)):
        L=d[d.amount>=0].day.max()
        for off in (0,30,60,90):
            c=L-w-off
            tr=[c-w-k*(w//3) for k in range(3) if c-w-k*(w//3)>=d.day.min()+w//2]
            X=[];Y=[]
            for t in tr:
                f=feats(d,t,w);X.append(f);Y.append(lab(d,t,w,f.index))
            X=pd.concat(X);Y=np.concatenate(Y)
            f=feats(d,c,w);y=lab(d,c,w,f.index)
            out=[]
            for m in (make_pipeline(StandardScaler(),LogisticRegression(max_iter=2000)),HistGradientBoostingClassifier(max_iter=100,learning_rate=.05,max_leaf_nodes=15,random_state=0),HistGradientBoostingClassifier(random_state=0),RandomForestClassifier(300,min_samples_leaf=20,random_state=0,n_jobs=1)):
                t0=time.time(); m.fit(X,Y); pr=m.predict_proba(f)[:,1]; out.append(f'{roc_auc_score(y,pr):.4f} ({time.time()-t0:.1f}s)')
            print(n,off,len(tr),len(Y),'lr hgb.05 hgb rf',out,'recency %.4f'%roc_auc_score(y,f.r),flush=True)
